"""What the naive grader compares with: a module beside it, as graders have them."""


def close(got, expected):
    return abs(got - expected) < 1e-6
