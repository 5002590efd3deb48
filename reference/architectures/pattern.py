"""The pattern of classic networks, `[[CONV-RELU]*N-POOL?]*M-[FC-RELU]*K-FC` (slides s.315).

`expand` turns a pattern into a list of layers; `recognize` finds the counts in such a list. Usual
are N <= 3 and K < 3 (tutorial part 3), or N up to 5 and K <= 2 (slides). Needs no torch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

CLASSIC = "INPUT -> [[CONV -> RELU]*N -> POOL?]*M -> [FC -> RELU]*K -> FC"
LAYERS = ("INPUT", "CONV", "RELU", "POOL", "FC", "SOFTMAX")

_TOKEN = re.compile(r"\s*(->|→|[-*?\[\]]|\d+|[A-Za-z_]+)")


@dataclass(frozen=True)
class Layer:
    """A single layer, by its name."""

    name: str


@dataclass(frozen=True)
class Group:
    """Items one after another, repeated `count` times (a number or the name of one)."""

    items: tuple[Item, ...]
    count: int | str = 1


@dataclass(frozen=True)
class Optional:
    """An item that may be left out."""

    item: Item


Item: TypeAlias = Layer | Group | Optional


@dataclass(frozen=True)
class PatternCounts:
    """What a list of layers makes of the pattern.

    `convolutions` holds N of each of the M blocks, `pooled` whether it ends in a pooling, and
    `hidden` is K, the number of fully connected layers before the last.
    """

    convolutions: tuple[int, ...]
    pooled: tuple[bool, ...]
    hidden: int


def parse(pattern: str) -> Group:
    """Parse a pattern into a tree; layers are joined by `-`, `->` or `→`.

    `[...]*3` or `[...]*N` repeats, `POOL?` is optional. Raises `ValueError` for an unknown
    layer and for what is not such a pattern, with the place.
    """
    parser = _Parser(pattern)
    items = parser.sequence()
    if parser.peek() is not None:
        parser.refuse("the end or a '-'")
    return Group(items)


def expand(pattern: str, *, optional: bool = True, **counts: int) -> tuple[str, ...]:
    """Return the pattern's layers in order, with the counts filled in.

    `optional` says whether items marked `?` are there. Raises `ValueError` for a count that
    is missing, negative or not in the pattern.

    >>> expand("[[CONV-RELU]*N-POOL?]*M-[FC-RELU]*K-FC", N=1, M=2, K=0)
    ('CONV', 'RELU', 'POOL', 'CONV', 'RELU', 'POOL', 'FC')
    """
    tree = parse(pattern)
    unknown = counts.keys() - _names(tree)
    if unknown:
        raise ValueError(
            f"counts must name repetitions of the pattern, got {', '.join(sorted(unknown))}: "
            f"the pattern has {', '.join(sorted(_names(tree))) or 'none'}"
        )
    return tuple(_expand(tree, counts, optional))


def recognize(layers: Sequence[str]) -> PatternCounts:
    """Return the counts of the classic pattern for a list of layers.

    A leading INPUT and a closing SOFTMAX may be there. Convolutions that no pooling parts belong
    to one block. Raises `ValueError` when the list does not follow the pattern.
    """
    rest = re.sub("^INPUT |SOFTMAX $", "", "".join(f"{name} " for name in layers))
    match = re.fullmatch(r"(?P<blocks>(?:CONV RELU (?:POOL )?)*)(?P<head>(?:FC RELU )*)FC ", rest)
    if match is None:
        raise ValueError(
            f"layers must follow {CLASSIC}, got {'-'.join(layers)}: every CONV and every FC but "
            "the last needs a RELU behind it, a POOL follows one, and the last layer is an FC"
        )
    blocks = re.findall(r"(?:CONV RELU )+(?:POOL )?", match["blocks"])
    return PatternCounts(
        convolutions=tuple(block.count("CONV") for block in blocks),
        pooled=tuple("POOL" in block for block in blocks),
        hidden=match["head"].count("FC"),
    )


class _Parser:
    """Recursive descent over `sequence := item ('-' item)*`."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.tokens: list[tuple[str, int]] = []
        self.position = 0
        end = 0
        while pattern[end:].strip():
            match = _TOKEN.match(pattern, end)
            if match is None:
                raise ValueError(
                    f"a pattern holds names, numbers and []*?-, got {pattern[end:].strip()[0]!r} "
                    f"at character {end + 1} of {pattern!r}: leave it out"
                )
            self.tokens.append((match[1], match.start(1)))
            end = match.end()

    def peek(self) -> str | None:
        return self.tokens[self.position][0] if self.position < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            self.refuse("a layer")
        self.position += 1
        return str(token)

    def refuse(self, expected: str) -> None:
        token = self.peek()
        place = (
            "at the end"
            if token is None
            else f"got {token!r} at character {self.tokens[self.position][1] + 1}"
        )
        raise ValueError(f"expected {expected}, {place} of {self.pattern!r}: mend the pattern")

    def sequence(self) -> tuple[Item, ...]:
        items = [self.item()]
        while self.peek() in ("-", "->", "→"):
            self.take()
            items.append(self.item())
        return tuple(items)

    def item(self) -> Item:
        item: Item
        if self.peek() == "[":
            self.take()
            items = self.sequence()
            if self.peek() != "]":
                self.refuse("']'")
            self.take()
            item = Group(items)
        else:
            if self.peek() not in LAYERS:
                self.refuse(f"one of {', '.join(LAYERS)} or '['")
            item = Layer(self.take())
        if self.peek() == "*":
            self.take()
            item = Group((item,), self.count())
        if self.peek() == "?":
            self.take()
            item = Optional(item)
        return item

    def count(self) -> int | str:
        token = self.peek()
        if token is None or not token.isalnum() or token in LAYERS:
            self.refuse("a number or a name such as N")
        token = self.take()
        return int(token) if token.isdigit() else token


def _names(item: Item) -> set[str]:
    if isinstance(item, Layer):
        return set()
    if isinstance(item, Optional):
        return _names(item.item)
    own = {item.count} if isinstance(item.count, str) else set()
    return own.union(*(_names(inner) for inner in item.items))


def _expand(item: Item, counts: Mapping[str, int], optional: bool) -> list[str]:
    if isinstance(item, Layer):
        return [item.name]
    if isinstance(item, Optional):
        return _expand(item.item, counts, optional) if optional else []
    if isinstance(item.count, str) and item.count not in counts:
        raise ValueError(f"the count {item.count} must be given: pass {item.count}=2, say")
    count = counts[item.count] if isinstance(item.count, str) else item.count
    if count < 0:
        raise ValueError(f"the count {item.count} must be at least 0, got {count}: raise it")
    once = [name for inner in item.items for name in _expand(inner, counts, optional)]
    return once * count
