import pytest


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


TABLE = {
    "gate_multiplies_by_the_upstream_gradient": ("Multiply", backward),
    "multiply_gate_swaps": ("Multiply", backward),
    "add_gate_distributes": ("Add", backward),
    "broadcast_input_gets_the_sum": ("Add", backward),
    "max_gate_routes": ("Maximum", backward),
    "max_gate_shares_a_tie": ("Maximum", backward),
    "exp_gate_is_its_own_slope": ("Exp", both),
    "log_gate_divides_by_its_input": ("Log", both),
    "reciprocal_gate_falls_with_its_square": ("Reciprocal", both),
    "square_gate_has_twice_its_input_for_slope": ("Square", both),
    "scale_gate_scales_back_too": ("Scale", with_a_constant),
    "shift_gate_passes_the_gradient_on": ("Shift", with_a_constant),
    "matrix_gate_is_adjoint": ("MatrixMultiply", both),
}


def test_the_right_version_satisfies_it(law, dtype, accepts):
    accepts(law, dtype)


@pytest.mark.slow
def test_the_right_version_satisfies_it_on_many_examples(law, dtype, accepts):
    accepts(law, dtype, examples=150)


def test_wrong_versions_break_it(law, rejects):
    rejects(law)
