"""Looks among all objects for what an earlier submission left in the process."""

import gc
import sys


def attempt(place):
    found = [str(one) for one in gc.get_objects() if type(one) in (list, dict) and len(one) < 50]
    found += [repr(vars(module)) for name, module in list(sys.modules.items()) if "victim" in name]
    return " ".join(found)
