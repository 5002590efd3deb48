"""Hides the page behind a style sheet, written from right to left between Persian words."""

PAYLOAD = "مجموع </style><style>*{display:none}</style><bdo dir=rtl>" "۱۰ از ۱۰</bdo> درست"


def total(values):
    raise ValueError(PAYLOAD)


def order(values):
    print(PAYLOAD)
    return [PAYLOAD]
