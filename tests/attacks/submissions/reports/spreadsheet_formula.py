"""Puts spreadsheet formulas where a table of results may take them up."""

PAYLOAD = "=HYPERLINK(\"https://example.org\",\"10\")"


def total(values):
    raise ValueError(PAYLOAD)


def order(values):
    print("+1+1\n-2+3\n@SUM(A1:A9)\n\t=1+1")
    return PAYLOAD
