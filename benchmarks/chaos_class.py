"""The class of the chaos run: right submissions, and one in five that is hostile.

Every hostile one has an outcome that does not depend on the moment: what it loses, it always loses.
"""

from __future__ import annotations

from pathlib import Path

from small_assignment.submissions import submission

_REPLACED = "def softmax_loss(W, X, labels, reg):\n"

HOSTILE = {
    "exits": "    import os\n    os._exit(0)\n",
    "crashes": "    import ctypes\n    return ctypes.string_at(0)\n",
    "raises": "    raise SystemExit(0)\n",
    "forks": "    import os\n    while True:\n        os.fork()\n",
    "takes memory": ("    return np.ones((1 << 14, 1 << 14)).sum(), W  # 2 GB\n"),
    "fills the disk": (
        "    for number in range(1000):\n"
        "        with open(f'big{number}', 'wb') as file:\n"
        "            file.write(bytes(1 << 20))\n"
    ),
    "opens everything": "    kept = [open('/dev/null') for _ in range(10**6)]\n",
    "floods the output": "    print('x' * (1 << 24))\n    return 'PASSED', 1.0\n",
    "starts threads": (
        "    import threading, time\n"
        "    while True:\n"
        "        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
    ),
    "reads the grader": (
        "    import os\n    return [open(p).read() for p in os.listdir('/proc') if p.isdigit()]\n"
    ),
    "equals everything": (
        "    class Yes(float):\n"
        "        def __eq__(self, other): return True\n"
        "        __hash__ = None\n"
        "    return Yes(0.0), Yes(0.0)\n"
    ),
    "patches numpy": (
        "    np.allclose = np.array_equal = lambda *a, **k: True\n"
        "    return 0.0, np.zeros_like(W)\n"
    ),
    "recurses": "    return softmax_loss(W, X, labels, reg)\n",
    "stops itself": (
        "    import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n    return 1\n"
    ),
    "ends while it loads": None,
}


def write_chaos_class(folder: Path, count: int) -> int:
    """Write `count` submissions; every fifth is hostile. How many those are."""
    folder.mkdir(parents=True)
    kinds = list(HOSTILE)
    hostile = 0
    for number in range(1, count + 1):
        code = submission(number)
        if number % 5 == 0:
            code = _hostile(code, kinds[hostile % len(kinds)])
            hostile += 1
        (folder / f"student-{number:04}.py").write_text(code, encoding="utf-8")
    return hostile


def _hostile(code: str, kind: str) -> str:
    body = HOSTILE[kind]
    if body is None:
        return "import os\nos._exit(3)\n" + code
    # the last definition of a name counts
    return f"{code}\n\n{_REPLACED}{body}"
