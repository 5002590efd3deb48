"""Places on GPUs, which this machine need not have, and what happens when memory runs out."""

import subprocess
import sys
import threading
import time

import pytest

from autograder.checks import Budget, devices
from autograder.checks.devices import Devices, absence, configured, place
from autograder.checks.job import training_job
from autograder.errors import StudentError


@pytest.fixture
def two_gpus(monkeypatch):
    monkeypatch.setattr(devices, "absence", lambda name: None)


def test_the_environment_names_the_devices():
    assert configured({}) == Devices((), 4)
    variables = {"AUTOGRADER_DEVICES": "cuda:0, cuda:1", "AUTOGRADER_JOBS_PER_DEVICE": "8"}
    assert configured(variables) == Devices(("cuda:0", "cuda:1"), 8)
    assert configured(variables).share == 1 / 8
    assert configured({"AUTOGRADER_DEVICES": "cpu"}).names == ()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"AUTOGRADER_DEVICES": "gpu"}, "names cuda:0, cuda:1, … or cpu, not 'gpu'"),
        ({"AUTOGRADER_JOBS_PER_DEVICE": "0"}, "a whole number from 1 on, not '0'"),
        ({"AUTOGRADER_JOBS_PER_DEVICE": "many"}, "a whole number from 1 on, not 'many'"),
    ],
)
def test_what_the_environment_cannot_mean_is_refused(variables, message):
    with pytest.raises(ValueError, match=message):
        configured(variables)


def test_without_a_gpu_a_job_gets_the_cpu(tmp_path):
    with place(Devices(), folder=tmp_path) as device:
        assert device == "cpu"
    assert "there is no /dev/nvidia99" in absence("cuda:99")
    with place(Devices(("cuda:99",)), folder=tmp_path) as device:
        assert device == "cpu"


def test_jobs_spread_over_the_gpus_before_they_share_one(two_gpus, tmp_path):
    machine = Devices(("cuda:0", "cuda:1"), jobs=2)
    with place(machine, folder=tmp_path) as a, place(machine, folder=tmp_path) as b:
        with place(machine, folder=tmp_path) as c, place(machine, folder=tmp_path) as d:
            assert [a, b, c, d] == ["cuda:0", "cuda:1", "cuda:0", "cuda:1"]


def test_a_job_waits_until_a_place_is_free(two_gpus, tmp_path):
    machine = Devices(("cuda:0",), jobs=1)
    order = []

    def second():
        with place(machine, folder=tmp_path):
            order.append("second")

    with place(machine, folder=tmp_path):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.2)
        order.append("first ends")
    other.join(10)
    assert order == ["first ends", "second"]


def test_a_process_that_dies_gives_its_place_back(two_gpus, tmp_path):
    code = (
        "import sys, os\nfrom pathlib import Path\nfrom autograder.checks import devices\n"
        "devices.absence = lambda name: None\n"
        "with devices.place(devices.Devices(('cuda:0',), 1), folder=Path(sys.argv[1])):\n"
        "    os._exit(3)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 3
    with place(Devices(("cuda:0",), jobs=1), folder=tmp_path) as device:
        assert device == "cuda:0"


# --- a job -----------------------------------------------------------------------------------

BUDGET = Budget(seconds=20, gpu=Budget(seconds=20))


def test_a_gpu_is_used_only_where_the_budget_has_one_for_it(submitted, two_gpus, monkeypatch):
    student = submitted("x = 1")
    monkeypatch.setattr(student, "define", lambda expression: defined.append(expression))
    machine = Devices(("cuda:0",), jobs=4)
    for budget, expected in ((Budget(20), "cpu"), (BUDGET, "cuda:0")):
        defined = []
        with training_job(student, budget, machine) as device:
            assert device == expected
        assert len(defined) == (expected != "cpu")
    assert "set_per_process_memory_fraction(0.25, 'cuda:0')" in defined[0]


OUT_OF_MEMORY = """
class OutOfMemoryError(RuntimeError):
    pass

def train(message):
    raise (OutOfMemoryError if message.startswith("CUDA") else RuntimeError)(message)

KEPT = []
def keep():
    KEPT.append(1)
    return len(KEPT)
"""


@pytest.mark.parametrize(
    "message",
    [
        "CUDA out of memory. Tried to allocate 20.00 GiB.",
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory",
    ],
    ids=["gpu", "cpu"],
)
def test_running_out_of_memory_is_the_checks_outcome(submitted, message):
    student = submitted(OUT_OF_MEMORY)
    assert student.call("keep") == 1
    with pytest.raises(StudentError) as caught, training_job(student, BUDGET, Devices()):
        student.train(message)
    details = caught.value.details
    assert details.message["en"].startswith("Training ran out of memory on `cpu`: a smaller batch")
    assert details.message["fa"].startswith("حافظهٔ `cpu` در آموزش تمام شد")
    assert "in train" in details.traceback
    assert student.call("keep") == 1  # a fresh process: nothing of the old one is held


def test_other_errors_stay_what_they_are(submitted):
    student = submitted("def train():\n    return 1 / 0")
    with pytest.raises(StudentError) as caught, training_job(student, BUDGET, Devices()):
        student.train()
    assert caught.value.kind == "ZeroDivisionError"


TORCH = """
import torch

class Net(torch.nn.Module):
    def __init__(self, inputs, classes, device):
        super().__init__()
        self.place = device
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(inputs, 32), torch.nn.BatchNorm1d(32), torch.nn.ReLU(),
            torch.nn.Linear(32, classes))
        self.to(device)

    def fit(self, X, y, steps):
        X = torch.as_tensor(X, dtype=torch.float32, device=self.place)
        y = torch.as_tensor(y, device=self.place)
        optimizer = torch.optim.SGD(self.parameters(), lr=0.1)
        losses = []
        self.train()
        for _ in range(steps):
            rows = torch.randint(len(X), (64,), device=self.place)
            loss = torch.nn.functional.cross_entropy(self.layers(X[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    def predict(self, X):
        self.eval()
        with torch.no_grad():
            X = torch.as_tensor(X, dtype=torch.float32, device=self.place)
            return self.layers(X).argmax(1).cpu().numpy()

def too_much(device):
    return torch.empty(10**15, device=device).sum().item()
"""


def train_torch(student, budget):
    from autograder.checks import Disguise, Network, TorchModule, check_training_accuracy
    from autograder.checks.training_record import kept

    network = Network(
        student,
        build=lambda task: student.new("Net", task.X_train.shape[1], task.classes, task.device),
        fit=lambda net, task, steps: net.fit(task.X_train, task.y_train, steps),
        steps=lambda task: task.steps(64),
        parameters=TorchModule(),
        looks=4,
    )
    with kept() as seen:
        check_training_accuracy(
            network,
            at_least=0.85,
            seed=1,
            student=student,
            budget=budget,
            disguise=Disguise.ROTATION,
            max_runs=1,
        )
    return seen.training


@pytest.mark.slow
def test_a_torch_network_is_trained_counted_and_carried_over(submitted):
    pytest.importorskip("torch")
    student = submitted(TORCH)
    # 64*32 + 32 + 32*10 + 10, and of the batch norm 4*32 + 1 with its running statistics
    training = train_torch(student, Budget(seconds=30, epochs=10, parameters=2539))
    assert training.passed and training.device == "cpu" and len(training.curves) == 4
    with pytest.raises(StudentError, match="Training ran out of memory on `cpu`"):
        with training_job(student, BUDGET, Devices()):
            student.too_much("cpu")


@pytest.mark.slow
def test_a_torch_network_is_trained_on_the_gpu(submitted, monkeypatch):
    if (reason := absence("cuda:0")) is not None:
        pytest.skip(reason)
    monkeypatch.setenv(devices.DEVICES, "cuda:0")
    student = submitted(TORCH)
    budget = Budget(seconds=30, epochs=1, gpu=Budget(seconds=30, epochs=10, parameters=2539))
    assert train_torch(student, budget).device == "cuda:0"
    with pytest.raises(StudentError, match="Training ran out of memory on `cuda:0`"):
        with training_job(student, budget, configured()) as device:
            student.too_much(device)
