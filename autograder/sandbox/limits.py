"""What one subject may use, as resource limits of its process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class SubjectLimits:
    """The limits of one subject. Memory comes on top of what the imported libraries take."""

    memory_mb: int = 1024
    disk_mb: int = 64
    files: int = 2000
    descriptors: int = 128
    threads: int = 64
    cpu_seconds: int = 900
    """A backstop for a subject that nobody waits for; calls have their own time limits."""
    output_bytes: int = 64 * 1024

    def to_message(self) -> dict[str, Any]:
        """Plain data for the zygote."""
        return asdict(self)


def apply(limits: SubjectLimits, *, base_bytes: int, bound_memory: bool = True) -> None:
    """Put the limits on this process; `base_bytes` of address space are in use already."""
    import resource  # not on Windows, where nothing calls this

    memory = base_bytes + limits.memory_mb * MEGABYTE
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.disk_mb * MEGABYTE,
        resource.RLIMIT_NOFILE: limits.descriptors,
        resource.RLIMIT_NPROC: limits.threads,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if bound_memory:
        wanted[resource.RLIMIT_AS] = memory
    for name in ("RLIMIT_MSGQUEUE", "RLIMIT_SIGPENDING"):  # Linux only
        if hasattr(resource, name):
            wanted[getattr(resource, name)] = 0 if name == "RLIMIT_MSGQUEUE" else 64
    for kind, value in wanted.items():
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
