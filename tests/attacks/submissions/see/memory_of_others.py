"""Reads another process's memory by /proc/PID/mem."""


def attempt(place):
    with open(f"/proc/{place['holder']}/mem", "rb") as memory:
        memory.seek(place["address"])
        return memory.read(32).decode("latin-1")
