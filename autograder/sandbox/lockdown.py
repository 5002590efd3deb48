"""Locking a process down, in two stages.

1. Once, in the zygote: `enter_view` moves it into a file system that shows the Python
   libraries, read-only, and nothing else, without network, under an unprivileged user.
2. For each subject, right after its fork: `lock` adds a private /tmp, resource limits, Landlock
   and seccomp, and takes every capability away, before a line of submitted code is read.

`reduced` does the second stage without namespaces, where the kernel or a container refuses them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from autograder.sandbox import kernel, landlock, limits, seccomp
from autograder.sandbox.libraries import inside, library_paths

_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# somewhere to build the new root; hidden from this mount namespace only, and holding no library
_BUILDING_SITE = "/sys"

SCRATCH = "/scratch"
"""Where a subject finds its private file system. Not /tmp: a virtual environment may lie there."""

FORK_FLAGS = kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID | kernel.CLONE_NEWNS


@dataclass(frozen=True)
class View:
    """The files that a subject may see."""

    shown: tuple[str, ...]
    """Folders and files of the libraries, read-only."""
    hidden: tuple[str, ...]
    """Paths inside shown folders that stay out of sight all the same."""


@dataclass(frozen=True)
class FreshNamespaces:
    """What a process needs to find its feet after a fork into new namespaces."""

    proc: int
    """A descriptor of /proc, which the view does not show."""
    uid: int
    """The user before the fork: inside, it has no name until it is mapped."""
    gid: int


def make_view(hidden: list[str]) -> View:
    """The view of this machine's libraries with `hidden` taken out."""
    shown: list[str] = []
    for path in sorted({os.path.abspath(path) for path in library_paths()}, key=len):
        if os.path.exists(path) and not any(inside(path, outer) for outer in shown):
            shown.append(path)
    covered = [path for path in hidden if any(inside(path, outer) for outer in shown)]
    return View((*shown, *(device for device in _DEVICES if os.path.exists(device))), (*covered,))


def enter_view(view: View, *, user: int | None, proc: int) -> None:
    """Move this process into `view`, in its own mount, net, ipc and uts namespaces.

    `user` is the unprivileged uid and gid to become when started as root; None keeps the user,
    by way of a user namespace. `proc` is a descriptor of /proc. The process must have one thread.
    """
    flags = kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    if user is None:
        uid, gid = os.getuid(), os.getgid()
        kernel.unshare(flags | kernel.CLONE_NEWUSER)
        map_user(proc, uid, gid)
    else:
        kernel.unshare(flags)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    _build_root(view)
    kernel.pivot_root(_BUILDING_SITE)
    if user is not None:
        become(user)


def _build_root(view: View) -> None:
    root = _BUILDING_SITE
    kernel.mount("root", root, "tmpfs", kernel.MS_NOSUID, "size=1m,mode=755")
    for path in view.shown:
        target = root + path
        if os.path.isdir(path):
            os.makedirs(target, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            open(target, "x").close()
        kernel.bind_read_only(path, target)
    for path in view.hidden:
        if os.path.isdir(root + path):
            kernel.mount("hidden", root + path, "tmpfs", kernel.MS_RDONLY, "size=4k,mode=555")
        elif os.path.exists(root + path):
            kernel.bind_read_only("/dev/null", root + path)
    os.mkdir(root + SCRATCH)
    flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | 32  # MS_REMOUNT
    kernel.mount("root", root, None, flags, "size=1m,mode=755")


def become(user: int) -> None:
    """Change from root to the unprivileged uid and gid `user`, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # changing the user clears it, and a process that is not dumpable cannot map its users
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def map_user(proc: int, uid: int, gid: int) -> None:
    """Map the user and group to themselves in this process's new user namespace.

    `proc` is a descriptor of /proc, which the view does not show.
    """
    for name, line in (
        ("self/setgroups", "deny"),
        ("self/uid_map", f"{uid} {uid} 1"),
        ("self/gid_map", f"{gid} {gid} 1"),
    ):
        descriptor = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)


def lock(
    view: View,
    subject_limits: limits.SubjectLimits,
    *,
    base_bytes: int,
    fresh: FreshNamespaces | None,
    scratch: str,
) -> None:
    """Lock this freshly forked process down.

    In `fresh` namespaces `scratch` becomes a private file system; without them it is a folder
    made for this subject.
    """
    if fresh is not None:
        map_user(fresh.proc, fresh.uid, fresh.gid)
        size = f"size={subject_limits.disk_mb}m,nr_inodes={subject_limits.files},mode=700"
        flags = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
        kernel.mount("tmp", scratch, "tmpfs", flags, size)
    os.chdir(scratch)
    limits.apply(subject_limits, base_bytes=base_bytes)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    landlock.restrict(list(view.shown), [scratch, "/dev/null"])
    seccomp.install(own_files=fresh is not None)
