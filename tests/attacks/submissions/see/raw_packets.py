"""Opens a packet socket, to listen to all traffic of the machine."""

import socket


def attempt(place):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300).close()
    return place["echo"]
