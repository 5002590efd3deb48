"""Wrong answers and no attack: what every attack is worth without its trick."""


def total(values):
    return 0.5


def order(values):
    return [0, 0]


def scale(values, factor):
    return [0.5, 0.5]


def fit(X, y):
    pass


def predict(X):
    return [0] * len(X)
