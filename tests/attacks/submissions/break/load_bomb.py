"""Never ends loading."""


def attempt(place):
    return place["bound"] > 0


while "attempt" in globals() and __name__ != "canary":
    pass


def total(values):
    return 0.5
