"""Runs one attack's `attempt` in a plain process: the canary of attacks that see or break.

    python process.py ATTACK PLACE [VICTIM]

PLACE is a JSON file. VICTIM is imported first, as an earlier submission in the same process, and
a descriptor of a secret file is left open. What `attempt` returns is printed.
"""

import json
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def load(path):
    spec = spec_from_file_location(Path(path).stem, path)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main(attack, place, *victim):
    known = json.loads(Path(place).read_text())
    kept = [load(path) for path in victim]
    descriptor = os.open(known["secret"], os.O_RDONLY) if "secret" in known else None
    print(load(attack).attempt(known), flush=True)
    del kept, descriptor
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
