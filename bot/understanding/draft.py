"""The slots of one position while they are being found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.understanding.coins import plausible_quantity
from bot.understanding.groups import Group, side_at
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.words import Concept as C


@dataclass(slots=True, kw_only=True)
class Draft:
    """The slots of one position while they are being found: a builder, used inside one call only.

    free: the indices of numbers without a place yet, in order. walleted: the account's balance was said. wallet: an
    unlabelled amount that can only be that balance. unread: the numbers that found no place.
    """

    pieces: Sequence[Piece]
    group: Group
    roles: dict[int, C]
    free: dict[int, None]
    walleted: bool = False
    slots: dict[str, object] = field(default_factory=dict)
    assumed: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    wallet: Number | None = None

    def number(self, index: int) -> Number:
        """The number at an index that is known to hold one."""
        number = self.pieces[index].number
        if number is None:
            raise ValueError(f"piece {index} is no number")
        return number

    def give(self, slot: str, value: object, index: int) -> None:
        """Fill a slot from the number at an index, which is used up unless the slot holds another value already."""
        if self.slots.setdefault(slot, value) == value:
            del self.free[index]

    def give_quantity(self, value: Decimal, index: int) -> None:
        """Fill the quantity; below zero it is a short position, and impossible for a long one."""
        if self.number(index).sign == "-":
            if self.group.side == "long":
                return
            if self.group.side is None:
                self.slots["side"] = "short"
                self.assumed.append("side: a quantity below zero is taken as short")
        self.give("qty", value, index)

    def before(self, index: int, skip: int = 1) -> Piece | None:
        """The piece before an index."""
        return self.pieces[index - skip] if index - skip >= 0 else None

    def after(self, index: int, skip: int = 1) -> Piece | None:
        """The piece after an index."""
        return self.pieces[index + skip] if index + skip < len(self.pieces) else None


def after_isolated(draft: Draft, index: int) -> bool:
    """Directly behind "isolated", where people put the margin ("iso 500")."""
    before = draft.before(index)
    return before is not None and before.concept is C.ISOLATED


def is_quantity_place(draft: Draft, index: int) -> bool:
    """Directly behind the side or the coin, where people put the quantity ("long 100 150")."""
    before = draft.before(index)
    named = before is not None and before.coin is not None and before.coin.symbol == draft.group.symbol
    placed = named or (before is not None and side_at(draft.pieces, index - 1) is not None)
    return placed and plausible_quantity(draft.group.symbol, draft.number(index).value)
