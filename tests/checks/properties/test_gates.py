import pytest

from reference.gates import MatrixMultiply


def backward(kind, *constants):
    def run(dz, *inputs):
        gate, other = kind(*constants), kind(*constants)
        gate.forward(*inputs)
        other.forward(*[2 * each + 1 for each in inputs])
        gradients = gate.backward(dz)
        return gradients[0] if len(inputs) == 1 else gradients

    return (run,)


def both(kind, *constants):
    return (lambda *inputs: kind(*constants).forward(*inputs), *backward(kind, *constants))


def with_a_constant(kind):
    return both(kind, 3.0)


class MeanOverTheRows(MatrixMultiply):
    def backward(self, dz):
        dx, dw = super().backward(dz)
        return dx, dw / (len(dz) + 1)


TABLE = {
    "gate_multiplies_by_the_upstream_gradient": ("Multiply", backward, "upstream_missing"),
    "multiply_gate_swaps": ("Multiply", backward, "not_swapped", "upstream_missing"),
    "add_gate_distributes": ("Add", backward, "halved", "upstream_missing"),
    "broadcast_input_gets_the_sum": ("Add", backward, "halved", "upstream_missing"),
    "max_gate_routes": ("Maximum", backward, "gradient_to_all", "gradient_to_smaller"),
    "max_gate_shares_a_tie": ("Maximum", backward, "gradient_to_all", "tie_to_both"),
    "exp_gate_is_its_own_slope": ("Exp", both, "power_rule", "exp_of_output"),
    "log_gate_divides_by_its_input": ("Log", both, "derivative_is_log", "log10"),
    "reciprocal_gate_falls_with_its_square": (
        "Reciprocal",
        both,
        "minus_missing",
        "square_missing",
    ),
    "square_gate_has_twice_its_input_for_slope": ("Square", both, "factor_two_missing"),
    "scale_gate_scales_back_too": ("Scale", with_a_constant, "constant_missing"),
    "shift_gate_passes_the_gradient_on": ("Shift", with_a_constant, "constant_multiplied"),
    "matrix_gate_is_adjoint": ("MatrixMultiply", both, MeanOverTheRows),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


@pytest.mark.slow
def test_another_style_satisfies_it(law, style, accepts):
    accepts(law, "float64", examples=30, style=style)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
