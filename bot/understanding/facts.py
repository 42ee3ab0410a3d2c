"""What the signs of a kind are read from: each fact found out once, and only when a sign asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from bot.understanding.comparisons import told
from bot.understanding.groups import side_at, strong_coins
from bot.understanding.lexer import Piece
from bot.understanding.positions import Book, book_of
from bot.understanding.tagging import Message
from bot.understanding.targets import is_multiple, moves_market
from bot.understanding.topics import topic_of
from bot.understanding.words import Concept as C


class Facts:
    """What the rules look at, each found out once and only when a rule asks."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.words = message.words
        pieces = message.pieces
        self.coins = len({pieces[index].coin for index in strong_coins(pieces)})
        self.sides = any(side_at(pieces, index) for index in range(len(pieces)))
        self.numbers = [piece.number for piece in pieces if piece.number]
        self.roles = set(message.roles.values())
        self.levered = any(
            p.number and p.number.unit == "x" and not is_multiple(pieces, i) for i, p in enumerate(pieces)
        )
        self.percents = any(number.unit == "%" or number.sign for number in self.numbers)
        self.amounts = any(number.unit in ("", "usd", "coin") and number.sign != "±" for number in self.numbers)
        self.both_modes = message.has(C.ISOLATED) and message.has(C.CROSS)
        self.mine = message.has(C.BOOK) or self.says("my book", "my portfolio", "my account", "my bags", "my positions")

    @cached_property
    def topic(self) -> tuple[Literal["explain", "faq"], str] | None:
        """What is asked about how it works, if anything."""
        return topic_of(self.message)

    @cached_property
    def book(self) -> Book:
        """The positions and the account that the message tells of."""
        return book_of(self.message)

    @cached_property
    def described(self) -> bool:
        """Whether a position is told in so many words."""
        if moves_market(self.message.pieces) or (self.has(C.HOW_FAR) and not self.numbers):
            return False
        if self._only_points():
            return False
        levered = self.levered and (self.coins > 0 or len(self.numbers) > 1)
        return bool(self.sides or levered) and any(told(slots) for slots in self.book.positions)

    def _only_points(self) -> bool:
        """Whether every side that is said points at the book ("which short dies first"), and a move is supposed."""
        pieces = self.message.pieces
        sides = [index for index in range(len(pieces)) if side_at(pieces, index)]
        if not sides or self.levered or not self.has(C.IF, C.WHAT_IF, C.FALL, C.RISE):
            return False
        return all(_pointed_at(pieces, index) for index in sides)

    def has(self, *concepts: C) -> bool:
        """Whether any of the concepts occurs."""
        return self.message.has(*concepts)

    def says(self, *phrases: str) -> bool:
        """Whether any of the words or phrases occurs."""
        return any(f" {phrase} " in self.words for phrase in phrases)


def _pointed_at(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a word for "my" or "which" stands before a side, with nothing but a coin between."""
    before = pieces[index - 1] if index else None
    if before is not None and before.coin and index > 1:
        before = pieces[index - 2]
    return before is not None and (before.concept is C.MY or before.text in ("which", "this", "that", "the"))
