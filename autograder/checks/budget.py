"""What a training may use: seconds, steps or epochs, parameters; on a GPU another amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """What one training run may use on one device.

    `Budget(seconds=5, steps=300, parameters=650)`; on a GPU, where there is one and the assignment
    asks for it, `gpu` counts instead: `Budget(seconds=60, epochs=2, gpu=Budget(60, epochs=20))`.
    """

    seconds: float
    """On the CPU of the subject's processor time, all threads; on a GPU by the clock."""
    steps: int | None = None
    epochs: float | None = None
    parameters: int | None = None
    """Numbers that the trained network may keep."""
    gpu: Budget | None = None

    def __post_init__(self) -> None:
        if self.steps is not None and self.epochs is not None:
            raise ValueError("a budget has steps or epochs, not both; leave one out")
        for name in ("seconds", "steps", "epochs", "parameters"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be above 0, not {value}")
        if self.gpu is not None and self.gpu.gpu is not None:
            raise ValueError("the budget of the GPU has none of its own; leave its gpu out")

    def on(self, device: str) -> Budget:
        """The budget that counts on `device` (`cpu`, `cuda:0`)."""
        return self if device == "cpu" or self.gpu is None else self.gpu

    def most_steps(self, samples: int, batch_size: int) -> int:
        """The steps that are allowed with `samples` training samples in batches of `batch_size`.

        Raises ValueError where neither steps nor epochs are bounded.
        """
        if self.steps is not None:
            return self.steps
        if self.epochs is None:
            raise ValueError("the budget bounds neither steps nor epochs; give it one of them")
        return max(1, int(self.epochs * samples) // batch_size)
