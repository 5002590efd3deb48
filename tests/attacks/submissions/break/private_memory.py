"""Takes ever more memory, and touches it."""


def attempt(place):
    return len(bytearray(b"x") * (place["megabytes"] << 20)) == place["megabytes"] << 20


def total(values):
    kept = []
    while True:
        kept.append(bytearray(b"x") * (16 << 20))
