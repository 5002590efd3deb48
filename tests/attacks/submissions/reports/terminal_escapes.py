"""Prints escape sequences that clear the screen, set the title and hide what follows."""

PAYLOAD = "\x1b[2J\x1b[1;1H\x1b]0;owned\x07\x1b[8mhidden\x9b31m\x1bc\r10 of 10\x08\x08"


def total(values):
    print(PAYLOAD)
    raise ValueError(PAYLOAD)


def order(values):
    return PAYLOAD
