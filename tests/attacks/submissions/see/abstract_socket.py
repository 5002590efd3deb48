"""Connects to an abstract Unix socket, which has no path to forbid."""

import socket


def attempt(place):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect("\0" + place["abstract"])
        return line.recv(100).decode()
