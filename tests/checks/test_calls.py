import numpy as np

from autograder.checks.calls import Assigned, CallRecord, show


def test_arrays_in_a_dict_stand_one_below_the_other():
    shown = show({"W": np.eye(2), "b": np.zeros(2), "reg": 0.1}, prefix="params = ")
    assert shown == (
        "{'W': [[1., 0.],\n"
        "                [0., 1.]],\n"
        "          'b': [0., 0.],\n"
        "          'reg': 0.1}"
    )


def test_of_a_large_array_in_a_list_the_shape_is_enough():
    assert show([np.zeros((20, 30)), np.ones(2)]) == (
        "[array of shape (20, 30), float64,\n [1., 1.]]"
    )
    assert show((np.ones(2),)) == "([1., 1.],)"


def test_data_without_arrays_are_shown_as_python_writes_them():
    assert show({"a": [1, 2], "b": (3.0,)}) == "{'a': [1, 2], 'b': (3.0,)}"
    assert show([]) == "[]"


def test_the_example_tells_what_was_done_with_the_object_before():
    first = CallRecord("Gate().forward", (np.ones(2),), {}, ("x",))
    record = CallRecord(
        "Gate().backward", (2.0,), {}, ("dz",), before=(Assigned("Gate().a", 3.0), first)
    )
    assert record.call == "Gate().backward(2.0)"
    assert record.example == (
        "Gate().a = 3.0\n\nGate().forward(x)\nx = [1., 1.]\n\nGate().backward(2.0)\ndz = 2.0"
    )
    assert record.story == "Gate().backward(2.0)\ndz = 2.0"
    assert CallRecord("Gate().reset", (), {}, ()).story == "Gate().reset()"
