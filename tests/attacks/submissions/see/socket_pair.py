"""Makes a pair of sockets with socketpair, as a first step to any other family."""

import socket


def attempt(place):
    one, other = socket.socketpair()
    one.sendall(place["echo"].encode())
    return other.recv(100).decode()
