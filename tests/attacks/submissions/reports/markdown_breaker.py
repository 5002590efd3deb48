"""Breaks out of Markdown's code spans, fences and tables, and adds links and pictures."""

PAYLOAD = (
    "``` \n\n# Score: 10 of 10\n\n| a | b |\n![x](https://example.org/x.png) "
    "[click](javascript:alert(1)) `` ` ~~~\n"
)


def total(values):
    print(PAYLOAD)
    raise ValueError(PAYLOAD)


def order(values):
    return PAYLOAD
