"""Messages between the grader and its zygote: small, whole, with descriptors beside them."""

from __future__ import annotations

import socket

from autograder.sandbox import codec
from autograder.sandbox.protocol import Message

_MAX_MESSAGE = 1 << 18


def send(control: socket.socket, message: Message, descriptors: tuple[int, ...] = ()) -> None:
    """Send one message over a socket that keeps message boundaries."""
    payload = b"".join(bytes(part) for part in codec.encode(message))
    if descriptors:
        socket.send_fds(control, [payload], list(descriptors))
    else:
        control.send(payload)


def receive(control: socket.socket) -> tuple[Message, list[int]] | None:
    """Receive one message and its descriptors; None at the end."""
    payload, descriptors, _, _ = socket.recv_fds(control, _MAX_MESSAGE, 4)
    if not payload:
        return None
    message = codec.decode(payload)
    if not isinstance(message, dict):
        raise codec.CodecError("not a control message")
    return message, descriptors
