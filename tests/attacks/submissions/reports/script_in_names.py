"""Names its class, its exception and its function's parameters like markup."""

PAYLOAD = "<svg/onload=alert(1)>"


class Error(Exception):
    pass


Error.__name__ = Error.__qualname__ = f"{PAYLOAD}"
Error.__module__ = "</pre><script>alert(1)</script>"


def total(values):
    raise Error(PAYLOAD)


def order(values):
    return type(PAYLOAD, (), {"__module__": PAYLOAD})()


order.__code__ = order.__code__.replace(co_varnames=("</td><script>alert(1)</script>",))
