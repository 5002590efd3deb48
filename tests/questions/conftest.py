import pytest

from autograder.questions.items import read_items

ITEMS = """
[[item]]
id = "parameters"
question = "arithmetic"
type = "numeric"
points = 2
title.en = "Parameters of a layer"
title.fa = "شمار پارامترها"
prompt.en = "How many parameters have {filters} filters of {kernel}x{kernel} on 32x32x3?"
prompt.fa = "{filters} فیلتر {kernel}x{kernel} روی 32x32x3 چند پارامتر دارد؟"
variant = "conv"
[[item.mistakes]]
answer = 0
name.en = "The biases are missing."
name.fa = "بایاس‌ها شمرده نشده‌اند."

[[item]]
id = "memory"
question = "arithmetic"
type = "numeric"
points = 1
prompt.en = "Memory?"
prompt.fa = "حافظه؟"
answer = 24e6
relative = 0.05
units = { "MB" = 1e6, "KB" = 1e3 }
unit_required = true

[[item]]
id = "which"
question = "concepts"
type = "choice"
points = 1
prompt.en = "Which?"
prompt.fa = "کدام؟"
options = [
    { en = "the first", fa = "یکمی" },
    { en = "the second", fa = "دومی" },
    { en = "the third", fa = "سومی" },
]
answer = ["a", "c"]

[[item]]
id = "faster"
question = "concepts"
type = "true_false"
points = 3
reason_points = 2
rubric = [{ points = 2, en = "each batch is slower", fa = "هر دسته کندتر است" }]
keywords = ["slower", "کندتر"]
prompt.en = "Batch normalization makes one batch faster."
prompt.fa = "نرمال‌سازی دسته‌ای پردازش یک دسته را تندتر می‌کند."
answer = false

[[item]]
id = "sizes"
question = "arithmetic"
type = "table"
points = 4
prompt.en = "Fill in."
prompt.fa = "پر کنید."
columns = [{ en = "size", fa = "اندازه" }, { en = "kind", fa = "گونه" }]
rows = [{ en = "conv1", fa = "conv1" }, { en = "pool1", fa = "pool1" }]
answer = [[55, "conv"], ["", "pool"]]

[[item]]
id = "formula"
question = "arithmetic"
type = "expression"
points = 1
prompt.en = "The derivative of x^2 y by x?"
prompt.fa = "مشتق x^2 y نسبت به x؟"
symbols = ["x", "y"]
answer = "2*x*y"
[[item.mistakes]]
answer = "x**2"
name.en = "This is the derivative by y."
name.fa = "این مشتق نسبت به y است."

[[item]]
id = "essay"
question = "concepts"
type = "text"
points = 5
prompt.en = "Explain."
prompt.fa = "توضیح دهید."
rubric = [{ points = 5, en = "all of it", fa = "همه" }]
"""

MANIFEST = """
id = "concepts"
title.en = "Concepts"
title.fa = "مفاهیم"
seed = 3
[[questions]]
id = "arithmetic"
title.en = "Arithmetic"
title.fa = "حساب"
[[questions]]
id = "concepts"
title.en = "Concepts"
title.fa = "مفاهیم"
"""

VARIANTS = """
from autograder.questions.variants import Variant

def conv(rng):
    kernel, filters = int(rng.choice([3, 5])), int(rng.integers(4, 20))
    weights = kernel * kernel * 3 * filters
    return Variant({"kernel": kernel, "filters": filters}, weights + filters, [weights])
"""


@pytest.fixture
def assignment(tmp_path):
    """The folder of an assignment without code."""
    folder = tmp_path / "concepts"
    (folder / "checks").mkdir(parents=True)
    (folder / "assignment.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "checks/questions.toml").write_text(ITEMS, encoding="utf-8")
    (folder / "checks/variants.py").write_text(VARIANTS, encoding="utf-8")
    return folder


@pytest.fixture
def items(assignment):
    """Its items, by id."""
    return {item.id: item for item in read_items(assignment / "checks/questions.toml").items}
