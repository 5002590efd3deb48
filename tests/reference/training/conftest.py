import numpy as np
import pytest
from sklearn.datasets import load_digits

from reference.training import Examples


@pytest.fixture(scope="session")
def digits() -> tuple[Examples, Examples]:
    """scikit-learn's digits, centred on the training mean: 1,400 to train on, 397 to validate."""
    images, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(images))
    images, labels = images[order] / 16, labels[order]
    images -= images[:1400].mean(axis=0)
    return Examples(images[:1400], labels[:1400]), Examples(images[1400:], labels[1400:])


@pytest.fixture(scope="session")
def pixels() -> Examples:
    """Random stand-ins for 32 x 32 x 3 images with their mean subtracted, as the slides use them.

    The spread, about 60 of 255, is what their printed learning rates belong to.
    """
    rng = np.random.default_rng(0)
    return Examples(60 * rng.normal(size=(200, 3072)), rng.integers(10, size=200))
