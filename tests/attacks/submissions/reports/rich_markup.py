"""Prints the markup of the library that draws the terminal's report."""

PAYLOAD = "[bold green]10 of 10[/bold green] [link=https://example.org]x[/link] [/] [not closed"


def total(values):
    print(PAYLOAD)
    raise ValueError(PAYLOAD)


def order(values):
    return PAYLOAD
