"""The update rules of the catalogue with `config`, for `components.py`."""

from autograder.components import Component, wrong_versions
from reference.misconceptions import COMPONENTS as KNOWN

OPTIM = "cs231n.optim."
_OWN = {
    "momentum": ("velocity",),
    "rmsprop": ("cache",),
    "adam": ("m", "v", "t"),
}
_KEYS = {"velocity": "v"}
_WORDS = {"momentum": "mu", "epsilon": "eps"}


def as_rule(known):
    """The adapter of a rule: hyperparameters and state come and go in `config`."""

    def adapt(rule):
        def update(w, dw, config=None):
            config = dict(config or {})
            state = {_KEYS.get(name, name): config.get(name) for name in _OWN.get(known, ())}
            kept = state if state and all(value is not None for value in state.values()) else None
            options = {
                _WORDS.get(name, name): value
                for name, value in config.items()
                if name not in _OWN.get(known, ())
            }
            w, found = rule(w, dw, kept, **options)
            back = {value: name for name, value in _KEYS.items()} if known == "momentum" else {}
            config |= {back.get(name, name): value for name, value in dict(found or {}).items()}
            return w, config

        return update

    return adapt


def _walk(name, config, scale=1.0):
    def session(student, rng):
        w, state = rng.normal(size=(3, 4)), dict(config)
        for _ in range(3):
            dw = scale * rng.normal(size=(3, 4))
            w, state = student.call(f"{OPTIM}{name}", w, dw, state)
            yield w

    return session


def _component(name, known, config, left_out=None):
    return Component(
        f"{OPTIM}{name}",
        question="optim",
        right=as_rule(known)(KNOWN[known].right),
        wrong=wrong_versions(KNOWN[known], as_rule(known)),
        session=(_walk(name, config), _walk(name, config, 1e-7)),
        left_out={f"{known}.{mistake}": reason for mistake, reason in (left_out or {}).items()},
    )


TINY = "epsilon is 1e-8 in the assignment, where its place never shows"
_RATE = {"learning_rate": 1e-2}
RULES = [
    _component("sgd", "sgd", _RATE),
    _component(
        "sgd_momentum",
        "momentum",
        {**_RATE, "momentum": 0.8},
        {"changed_in_place": "update rules may change the weights in place"},
    ),
    _component(
        "rmsprop",
        "rmsprop",
        {**_RATE, "decay_rate": 0.9, "epsilon": 1e-8},
        {"eps_inside_root": TINY},
    ),
    _component(
        "adam",
        "adam",
        {**_RATE, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        {"eps_inside_root": TINY},
    ),
]
