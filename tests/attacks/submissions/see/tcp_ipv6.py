"""Connects to a server by IPv6 and asks it for its secret."""

import socket


def attempt(place):
    with socket.create_connection(("::1", place["tcp6"]), 5) as line:
        return line.recv(100).decode()
