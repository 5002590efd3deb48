import csv
import io

import pytest

from autograder.tables import csv_table, safe_cell


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1"]
)
def test_no_cell_is_a_formula(formula):
    assert safe_cell(formula).startswith("'")


@pytest.mark.parametrize("plain", ["-1.5", "+3", "1e-3", "student-01", "", "سلام", 0.25])
def test_numbers_and_words_stay(plain):
    assert safe_cell(plain) == str(plain)


def test_what_is_written_is_read_back():
    rows = [["student-01", 'a "quoted", cell', "two\nlines"], ["دانشجو", None, "\x1b[31m"]]
    read = list(csv.reader(io.StringIO(csv_table(["a", "b", "c"], rows).decode("utf-8-sig"))))
    assert read[1] == ["student-01", 'a "quoted", cell', "two\nlines"]
    assert read[2][0] == "دانشجو" and read[2][1] == "" and "\x1b" not in read[2][2]
