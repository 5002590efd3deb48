"""Says of every call that it changed fifty thousand arguments, for the grader to name."""

def attempt(place):
    changed = [f"argument {number}" for number in range(50_000)]
    return len(", ".join(changed)) > 500_000  # in every message of a careless grader


def total(values):
    worker = __import__("autograder.sandbox.worker", fromlist=["x"])
    worker._changed_arguments = lambda *arguments: ["argument 1"] * 50_000
    values[:] = 0
    return 0.5


order = total
