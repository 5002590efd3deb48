from __future__ import annotations

import json
import tracemalloc
from typing import Any

import nbformat
import pytest
from nbformat import v3

from autograder.errors import SubmissionError
from autograder.notebook import interpret_cells, read_cells
from autograder.source import MAX_CODE_CHARACTERS


def notebook(*sources: str | list[str], **more: Any) -> dict[str, Any]:
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more


def encoded(*sources: str | list[str], **more: Any) -> bytes:
    return json.dumps(notebook(*sources, **more)).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_cells("a.ipynb", data)
    assert caught.value.message["fa"] != caught.value.message["en"]
    return caught.value.message["en"]


def test_code_cells_come_in_order_and_others_are_passed_over() -> None:
    written = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# تمرین"),
            nbformat.v4.new_code_cell("x = 1\ny = 'سلام'"),
            nbformat.v4.new_raw_cell("raw"),
            nbformat.v4.new_code_cell("z = 2"),
        ]
    )
    data = nbformat.writes(written).encode()
    assert read_cells("a.ipynb", data) == ["x = 1\ny = 'سلام'", "z = 2"]
    assert read_cells("a.ipynb", b"\xef\xbb\xbf" + data) == ["x = 1\ny = 'سلام'", "z = 2"]


def test_our_reading_is_that_of_nbformat() -> None:
    old = v3.new_notebook(
        worksheets=[
            v3.new_worksheet(
                cells=[
                    v3.new_heading_cell("title"),
                    v3.new_code_cell(input="x = 1\ny = 2", outputs=[v3.new_output("stream", "a")]),
                    v3.new_text_cell("markdown", source="text"),
                    v3.new_code_cell(input="z = 3"),
                ]
            )
        ]
    )
    new = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1\n\nb = 2\n")])
    for data in (v3.writes_json(old), nbformat.writes(new)):
        upgraded = nbformat.reads(data, as_version=4)
        expected = [cell.source for cell in upgraded.cells if cell.cell_type == "code"]
        assert read_cells("a.ipynb", data.encode()) == expected


def test_a_source_may_be_lines_and_line_ends_are_normalised() -> None:
    assert read_cells("a.ipynb", encoded(["x = 1\r\n", "y = 2\r", "z = 3"])) == [
        "x = 1\ny = 2\nz = 3"
    ]


@pytest.mark.parametrize(
    "output",
    ["NaN", "-Infinity", '"NaN"', '"\\ud83d"', '"\\\\ud83d \\ud83d\\ude00 \\" \\udc00"'],
)
def test_what_other_programs_write_into_outputs_is_no_damage(output: str) -> None:
    data = encoded("x = 'NaN \\ud83d'  # é").replace(b"[]", f"[{output}]".encode())
    assert read_cells("a.ipynb", data) == ["x = 'NaN \\ud83d'  # é"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The notebook `a.ipynb` is empty"),
        (b" \n ", "The notebook `a.ipynb` is empty"),
        (b"\xef\xbb\xbf", "cut off"),
        (b"null", "is not a Jupyter notebook"),
        (b"[1, 2]", "is not a Jupyter notebook"),
        (b'{"a": 1}', "is not a Jupyter notebook"),
        (b'{"nbformat": "4", "cells": []}', "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": {}}', "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": [1]}', "is not a Jupyter notebook"),
        (encoded("x").replace(b'"x"', b"3"), "is not a Jupyter notebook"),
        (encoded("x").replace(b'"x"', b'["x", 3]'), "is not a Jupyter notebook"),
        ('{"nbformat": 4}'.encode("utf-16"), "is not a Jupyter notebook"),
        (b'{"nbformat": 4, "cells": []}', "has no code cells"),
        (b'{"nbformat": 3, "worksheets": []}', "has no code cells"),
        (b'{"nbformat": 5, "cells": []}', "is in notebook format 5"),
        (b'{"nbformat": 1, "cells": []}', "is in notebook format 1"),
        (b"import numpy as np\n", "is damaged (`JSON is malformed"),
        (b'{"nbformat": 4,}', "is damaged (`JSON is malformed"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "\xff"}]}', "is damaged"),
        (encoded("x").replace(b'"x"', b'"\xff"'), "is damaged"),
    ],
)
def test_what_is_no_notebook_gets_one_clear_line(data: bytes, message: str) -> None:
    said = refusal(data)
    assert message in said
    assert "\n" not in said


def test_a_notebook_is_cut_off_wherever_it_is_cut() -> None:
    data = encoded("x = 1", ["a\n", "b"])
    for kept in range(1, len(data)):
        assert "is cut off" in refusal(data[:kept])


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_deep_nesting_is_refused_without_a_crash(opening: bytes) -> None:
    assert "too deeply nested" in refusal(b'{"nbformat":4,"x":' + opening * 1_000_000)
    output = encoded("x").replace(b"[]", opening * 1_000_000)
    assert "too deeply nested" in refusal(output)


def test_deep_nesting_in_a_source_is_refused_without_a_crash() -> None:
    data = encoded("x").replace(b'"x"', b"[" * 900 + b"]" * 900)
    assert "is not a Jupyter notebook" in refusal(data) or "too deeply nested" in refusal(data)


def test_a_megabyte_line_of_output_is_skipped() -> None:
    data = encoded("x = 1").replace(b"[]", b'["' + b"\\u0641" * 500_000 + b'"]')
    tracemalloc.start()
    assert read_cells("a.ipynb", data) == ["x = 1"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    "data",
    [
        encoded("x" * (MAX_CODE_CHARACTERS + 1)),
        encoded("x" * (MAX_CODE_CHARACTERS // 2), "y" * (MAX_CODE_CHARACTERS // 2 + 1)),
        encoded(*["x"] * 2001),
        encoded("x").replace(b'"x"', b"[" + b'"a",' * 2_000_000 + b'"b"]'),
    ],
    ids=["one cell", "two cells", "many cells", "many lines"],
)
def test_too_much_code_is_refused(data: bytes) -> None:
    assert "has more than 2000 code cells or 256 kB" in refusal(data)


def test_cells_become_sources_named_as_jupyter_counts_them() -> None:
    cells = interpret_cells(
        ["%matplotlib inline\nimport numpy as np", "", "def f():\n    return 1"]
    )
    assert [(source.label, source.code) for source in cells.sources] == [
        ("cell 1", "pass\nimport numpy as np"),
        ("cell 3", "def f():\n    return 1"),
    ]
    assert cells.defined.own == {"f"}
    assert cells.defined.imported == {"np"}
    assert not cells.notes


def test_a_cell_that_does_not_parse_is_passed_over_with_a_note_in_both_languages() -> None:
    cells = interpret_cells(["x = 1", "%pwd\ndef f(:\n    print 'x'", "y = 2"])
    assert [source.label for source in cells.sources] == ["cell 1", "cell 3"]
    (note,) = cells.notes
    assert note["en"].startswith("Cell 2 does not parse (line 2: `")
    assert "was passed over; the other cells are graded." in note["en"]
    assert note["fa"].startswith("سلول 2 خطای نحوی دارد (خط 2: `")


def test_code_that_only_looks_like_a_magic_is_left_as_it_is() -> None:
    cell = "x = (7\n% 2)\ny = '''\n!ls\n'''"
    assert interpret_cells([cell]).sources[0].code == cell


def test_a_cell_of_another_language_is_left_out_with_a_note() -> None:
    cells = interpret_cells(["%%bash\nls", "x = 1"])
    assert [source.label for source in cells.sources] == ["cell 2"]
    assert cells.notes[0]["en"].startswith("Cell 1, line 1: `%%bash` is notebook syntax")


def test_a_written_file_is_kept_only_inside_the_submission() -> None:
    cells = interpret_cells(["%%writefile helper.py\nx = 1", "%%writefile ../../evil.py\nx = 1"])
    assert cells.files == {"helper.py": b"x = 1"}
    assert "`%%writefile ../../evil.py`" in cells.notes[0]["en"]


def test_notes_are_bounded() -> None:
    cells = interpret_cells(["x = = 1"] * 500)
    assert len(cells.notes) == 21
    assert cells.notes[-1]["en"] == "And 480 more notes like these."


def test_what_people_see_is_what_is_read_where_a_cell_has_two_sources() -> None:
    new = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "a = 1", "input": "a = 2"}
    data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [new]})
    assert read_cells("a.ipynb", data.encode()) == ["a = 1"]
    sheets = [{"cells": [{**new, "language": "python"}]}]
    data = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets})
    assert read_cells("a.ipynb", data.encode()) == ["a = 2"]
