"""The filter, run by a small interpreter of its own instructions, for both architectures."""

import errno

import pytest

from autograder.sandbox.seccomp import _ABSENT, _AUDIT_ARCH, _CALLS, _CONDITIONAL, program

ALLOW = 0x7FFF0000
EPERM = 0x00050000 | errno.EPERM
ENOSYS = 0x00050000 | errno.ENOSYS
NOTHING = 0x00050000
KILL = 0x80000000
MACHINES = ["x86_64", "aarch64"]


def verdict(machine, number, arguments=(), *, pid=1, audit=None, own_files=True):
    """What the kernel would answer to one system call."""
    data = {0: number, 4: _AUDIT_ARCH[machine] if audit is None else audit}
    for index in range(6):
        value = arguments[index] if index < len(arguments) else 0
        data[16 + 8 * index] = value & 0xFFFFFFFF
        data[20 + 8 * index] = (value >> 32) & 0xFFFFFFFF
    code = program(pid, machine, own_files=own_files)
    position = accumulator = 0
    while True:
        operation, yes, no, constant = code[position]
        position += 1
        if operation == 0x06:
            return constant
        if operation == 0x20:
            accumulator = data[constant]
        else:
            taken = {
                0x15: accumulator == constant,
                0x35: accumulator >= constant,
                0x45: bool(accumulator & constant),
            }[operation]
            position += yes if taken else no


def number(name, machine):
    table = {**_CALLS, **_CONDITIONAL, **_ABSENT}
    return table[name][MACHINES.index(machine)]


# socket, fork, vfork, execve, ptrace, mount, unshare, setns, shmget, memfd_create, bpf, keyctl,
# io_uring_setup, userfaultfd, pidfd_send_signal, process_vm_readv, open_by_handle_at, setuid
FORBIDDEN = {
    "x86_64": [41, 57, 58, 59, 101, 165, 272, 308, 29, 319, 321, 250, 425, 323, 424, 310, 304, 105],
    "aarch64": [198, 221, 117, 40, 97, 268, 194, 279, 280, 219, 425, 282, 424, 270, 265, 146],
}


@pytest.mark.parametrize("machine", MACHINES)
def test_what_python_needs_is_allowed(machine):
    for name in ("read", "write", "mmap", "futex", "openat", "exit_group", "getrandom"):
        assert verdict(machine, number(name, machine)) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_what_leads_out_is_refused(machine):
    for call in FORBIDDEN[machine]:
        assert verdict(machine, call) == EPERM, call


@pytest.mark.parametrize("machine", MACHINES)
def test_unknown_calls_are_refused(machine):
    assert verdict(machine, 5000) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_is_killed(machine):
    assert verdict(machine, 0, audit=0x40000003) == KILL


def test_x32_calls_are_killed():
    assert verdict("x86_64", 0x40000000 | 1) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_clone_makes_threads_only(machine):
    clone = number("clone", machine)
    thread, new_user, new_pid = 0x3D0F00, 0x10000000, 0x20000000
    assert verdict(machine, clone, [thread]) == ALLOW
    assert verdict(machine, clone, [17]) == EPERM  # fork: SIGCHLD alone
    assert verdict(machine, clone, [thread | new_user]) == EPERM
    assert verdict(machine, clone, [thread | new_pid]) == EPERM
    assert verdict(machine, number("clone3", machine)) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_reach_oneself_only(machine):
    for name, thread in (("kill", []), ("tgkill", [77])):
        call = number(name, machine)
        assert verdict(machine, call, [77, *thread, 15], pid=77) == ALLOW
        assert verdict(machine, call, [78, *thread, 15], pid=77) == EPERM
        assert verdict(machine, call, [0xFFFFFFFF, *thread, 15], pid=77) == EPERM  # everybody
        assert verdict(machine, call, [0, *thread, 15], pid=77) == EPERM  # the group


@pytest.mark.parametrize("machine", MACHINES)
def test_nobody_kills_itself_so_that_a_kill_comes_from_outside(machine):
    assert verdict(machine, number("kill", machine), [77, 9], pid=77) == EPERM
    assert verdict(machine, number("tgkill", machine), [77, 77, 9], pid=77) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_can_be_read_and_not_set(machine):
    call = number("prlimit64", machine)
    assert verdict(machine, call, [0, 7, 0, 0x7FFF00000000]) == ALLOW
    assert verdict(machine, call, [0, 7, 0x7FFF00000000, 0]) == EPERM
    assert verdict(machine, call, [0, 7, 0x1000, 0]) == EPERM
    assert verdict(machine, call, [1, 7, 0, 0]) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_prctl_ioctl_and_fcntl_are_picked(machine):
    prctl, ioctl, fcntl = (number(name, machine) for name in ("prctl", "ioctl", "fcntl"))
    assert verdict(machine, prctl, [15]) == ALLOW
    assert verdict(machine, prctl, [22, 2]) == EPERM  # another filter
    assert verdict(machine, ioctl, [0, 0x5401]) == ALLOW
    assert verdict(machine, ioctl, [0, 0x5412]) == EPERM  # TIOCSTI: typing for the user
    assert verdict(machine, fcntl, [0, 1]) == ALLOW
    assert verdict(machine, fcntl, [0, 8]) == EPERM  # F_SETOWN: signals by way of input


@pytest.mark.parametrize("machine", MACHINES)
def test_what_landlock_does_not_look_at_does_nothing_to_files_of_others(machine):
    for name in ("chmod", "fchmod", "fchmodat", "utimensat"):
        if _CALLS[name][MACHINES.index(machine)] is not None:
            assert verdict(machine, number(name, machine)) == ALLOW
            assert verdict(machine, number(name, machine), own_files=False) == NOTHING
    assert verdict(machine, number("openat", machine), own_files=False) == ALLOW
