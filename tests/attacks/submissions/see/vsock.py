"""Makes a vsock socket, by which a virtual machine speaks with its host."""

import socket


def attempt(place):
    socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()
    return place["echo"]
