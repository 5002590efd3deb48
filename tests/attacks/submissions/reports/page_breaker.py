"""Prints what closes the page's elements and comments, and entities that may be decoded again."""

PAYLOAD = "</pre></div></body></html>--><plaintext>&lt;script&gt;alert(1)&lt;/script&gt;]]>"


def total(values):
    print(PAYLOAD)
    return PAYLOAD


def scale(values, factor):
    raise KeyError(PAYLOAD)
