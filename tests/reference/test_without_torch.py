import subprocess
import sys

PROGRAM = """
import sys
sys.modules["torch"] = None  # importing torch now raises ImportError
import reference.accounting, reference.optim, reference.schedules, reference.training
import reference.architectures, reference.architectures.pattern
from reference.architectures.numpy_network import numpy_lenet5
print(numpy_lenet5().account().parameters)
try:
    import reference.architectures.vgg
except ImportError:
    print("vgg needs torch")
"""


def test_all_but_the_torch_architectures_import_without_torch() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines() == ["61706", "vgg needs torch"]
