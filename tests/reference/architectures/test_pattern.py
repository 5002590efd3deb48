from itertools import product

import pytest

from reference.architectures.pattern import CLASSIC, PatternCounts, expand, parse, recognize

PATTERN = "[[CONV-RELU]*N-POOL?]*M-[FC-RELU]*K-FC"


def test_pattern_expands_to_its_layers() -> None:
    assert expand(PATTERN, N=2, M=1, K=1) == (
        *("CONV", "RELU", "CONV", "RELU", "POOL"),
        *("FC", "RELU", "FC"),
    )


def test_linear_classifier_is_the_pattern_without_blocks_and_hidden_layers() -> None:
    assert expand(PATTERN, N=1, M=0, K=0) == ("FC",)


def test_optional_pooling_can_be_left_out() -> None:
    assert expand(PATTERN, optional=False, N=1, M=2, K=0) == ("CONV", "RELU", "CONV", "RELU", "FC")


def test_numbers_stand_where_names_can() -> None:
    with_numbers = expand("INPUT -> [CONV -> RELU -> POOL]*2 -> FC -> RELU -> FC -> SOFTMAX")
    assert with_numbers == (
        *("INPUT", "CONV", "RELU", "POOL", "CONV", "RELU", "POOL"),
        *("FC", "RELU", "FC", "SOFTMAX"),
    )
    assert expand("CONV*3-FC") == ("CONV", "CONV", "CONV", "FC")


@pytest.mark.parametrize("dash", ["-", "->", " → "])
def test_every_dash_joins_layers(dash: str) -> None:
    assert parse(f"CONV{dash}RELU{dash}FC") == parse("CONV-RELU-FC")


@pytest.mark.parametrize(("n", "m", "k"), list(product((1, 2, 3), (0, 1, 3), (0, 1, 2))))
def test_recognize_finds_the_counts_that_expand_was_given(n: int, m: int, k: int) -> None:
    assert recognize(expand(CLASSIC, N=n, M=m, K=k)) == PatternCounts((n,) * m, (True,) * m, k)


def test_convolutions_without_pooling_between_them_are_one_block() -> None:
    layers = expand(PATTERN, optional=False, N=1, M=3, K=0)
    assert recognize(layers) == PatternCounts((3,), (False,), 0)


@pytest.mark.parametrize(
    "layers",
    [
        ("CONV", "POOL", "FC"),
        ("RELU", "FC"),
        ("CONV", "RELU"),
        ("FC", "FC"),
        ("CONV", "RELU", "FC", "RELU"),
        ("FC", "RELU", "CONV", "RELU", "FC"),
        ("CONV", "RELU") * 60,
        (),
    ],
)
def test_recognize_refuses_other_lists(layers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="layers must follow"):
        recognize(layers)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("CONV-", "expected one of INPUT, CONV.*at the end"),
        ("CONV RELU", "expected the end or a '-', got 'RELU' at character 6"),
        ("[CONV-RELU", r"expected '\]', at the end"),
        ("CONF-RELU", "got 'CONF' at character 1"),
        ("CONV*", "expected a number or a name such as N, at the end"),
        ("CONV*FC", "expected a number or a name such as N, got 'FC'"),
        ("CONV+RELU", r"got '\+' at character 5"),
        ("", "expected one of INPUT"),
    ],
)
def test_malformed_patterns_are_refused_with_the_place(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse(pattern)


def test_counts_must_fit_the_pattern() -> None:
    with pytest.raises(ValueError, match="the count K must be given"):
        expand(PATTERN, N=1, M=1)
    with pytest.raises(ValueError, match="the count N must be at least 0, got -1"):
        expand(PATTERN, N=-1, M=1, K=1)
    with pytest.raises(ValueError, match="got X: the pattern has K, M, N"):
        expand(PATTERN, N=1, M=1, K=1, X=2)
