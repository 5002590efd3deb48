"""Asks a server by UDP, which Landlock does not watch."""

import socket


def attempt(place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(5)
        line.sendto(b"?", ("127.0.0.1", place["udp"]))
        return line.recv(100).decode()
