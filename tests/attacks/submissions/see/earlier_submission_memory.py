"""Searches its own heap, byte by byte, for what the zygote or an earlier submission left there."""

import ctypes
import sys


def attempt(place):
    anchor = id(object()) & ~0xFFFFF
    texts = []
    for name in list(sys.modules):
        module = sys.modules[name]
        note = getattr(module, "NOTE", None)
        if isinstance(note, str):
            texts.append(ctypes.string_at(id(note), sys.getsizeof(note)).decode("latin-1"))
    heap = [id(one) for one in (object(), [], {}, "".join(["a", "b"]))]
    for start in heap:
        page = start & ~0xFFF
        texts.append(ctypes.string_at(page, 4096).decode("latin-1"))
    return " ".join(texts) if anchor else ""
