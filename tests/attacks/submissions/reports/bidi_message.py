"""Uses right-to-left overrides and invisible characters, so that a message reads as another."""

PAYLOAD = "score \u202e01 fo 01\u202c \u2066wrong\u2069 \u200b\ufeff\u2028\u2029"


def total(values):
    print(PAYLOAD)
    raise ValueError(PAYLOAD)


def order(values):
    return PAYLOAD
