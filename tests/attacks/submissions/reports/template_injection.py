"""Prints template and format expressions, for a template engine that renders twice."""

PAYLOAD = "{{ 6 * 7 }} {% for x in ().__class__.__mro__ %}{{ x }}{% endfor %} {0.__class__} %(x)s"


def total(values):
    print(PAYLOAD)
    raise ValueError(PAYLOAD)


def order(values):
    return PAYLOAD
