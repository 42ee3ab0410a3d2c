"""What a picture shows: plain, frozen values that go through JSON, so that they survive the outbox.

A spec holds every number that is drawn and none that is not, so that equal specs are equal pictures: `key_of` names a
picture by its content. Figures that are written are decimals or text, lines and cells are floats.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

DRAWING: Final = 3
"""Counts up when the same spec is drawn in another way, so that old pictures are not taken for new ones."""

Theme = Literal["light", "dark"]
Mode = Literal["isolated", "cross", "given"]
Kind = Literal["market", "ladder", "distances", "two_coins", "share"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Spec(_Value):
    """theme: light or dark paper. language: Telegram's language code of whoever asked. given: whether "now" is prices
    that somebody gave (True) or the entries (False); None where there is no "now". mixed: whether that holds for some
    positions only: the others have their entry, or that of another position in their coin. haircut: whether
    collateral, which counts in full here, counts less toward margin."""

    theme: Theme = "light"
    language: str = "en"
    given: bool | None = None
    mixed: bool = False
    haircut: bool = False


class Ending(_Value):
    """A liquidation on the way: at this signed fraction of the marks, these positions; at 0 they are gone already.

    price: the same as a price, as it is written; with the coins' names where several move. Of what is gone already it
    is where it went, as far as that is known.
    """

    at: Decimal
    names: tuple[str, ...]
    price: str = ""


class Line(_Value):
    """The account in one mode along the move: equity and requirement at each of `moves`, and its endings, nearest
    first. positions: how many there are. now: its equity at the centre, None where it is the spec's."""

    mode: Mode
    positions: int
    moves: tuple[float, ...]
    equity: tuple[float, ...]
    requirement: tuple[float, ...]
    fall: tuple[Ending, ...] = ()
    rise: tuple[Ending, ...] = ()
    now: Decimal | None = None


class MarketSpec(_Spec):
    """Equity against the market's move. subject: the one coin that moves, "" for the whole market. span: the move at
    the edges, as a fraction. now: the equity at the centre, in `asset`, of the first line."""

    kind: Literal["market"] = "market"
    asset: str
    subject: str = ""
    span: Decimal
    now: Decimal
    lines: tuple[Line, ...] = Field(min_length=1)

    @property
    def nows(self) -> tuple[tuple[Line, Decimal], ...]:
        """What is there now: one equity with its first line, or one of each line where they are not the same."""
        found = tuple((line, self.now if line.now is None else line.now) for line in self.lines)
        return found if len({now for _, now in found}) > 1 else found[:1]


class Rung(_Value):
    """The account after one move: what is left, and which positions are gone. whole: nothing is left alive."""

    move: Decimal
    equity: Decimal
    gone: tuple[str, ...] = ()
    whole: bool = False


class LadderSpec(_Spec):
    """The account at seven to nine moves, from the highest to the lowest."""

    kind: Literal["ladder"] = "ladder"
    asset: str
    subject: str = ""
    mode: Mode
    rungs: tuple[Rung, ...] = Field(min_length=3)


class Bar(_Value):
    """How far one position, or the account, is from its end.

    distance: signed fraction of the mark, None when no price ends it. price: as it is written. dead: it is there.
    account: it is the whole market's move, on the side that `distance` says.
    """

    name: str
    detail: str = ""
    distance: Decimal | None = None
    price: str = ""
    dead: bool = False
    account: bool = False


class DistancesSpec(_Spec):
    """Percent to liquidation, nearest first. more: how many positions are not shown."""

    kind: Literal["distances"] = "distances"
    mode: Mode
    bars: tuple[Bar, ...] = Field(min_length=1)
    more: int = 0


class Border(_Value):
    """Where one pool dies, in stretches; each is a line of (across, up) points, and its region is between the line and
    `rim`, the points on the edge of the picture behind it."""

    name: str
    whole: bool
    line: tuple[tuple[float, float], ...]
    rim: tuple[tuple[float, float], ...]


class TwoCoinsSpec(_Spec):
    """Equity over the moves of two coins. cells: rows from the lowest move of `up` to the highest, in each the moves of
    `across`; both go from -span to +span."""

    kind: Literal["two_coins"] = "two_coins"
    asset: str
    mode: Mode
    across: str
    up: str
    span: Decimal
    now: Decimal
    cells: tuple[tuple[float, ...], ...] = Field(min_length=2)
    borders: tuple[Border, ...] = ()


class ShareRow(_Value):
    """One line of a comparison: what it is, and what it is in each mode, as written."""

    label: str
    isolated: str
    cross: str


class Reason(_Value):
    """One reason of a verdict, as written, and the mode that it speaks for."""

    text: str
    mode: Mode | None = None


class ShareSpec(_Spec):
    """A result to be sent on: the verdict, and the reasons or the table under it, all as written.

    mode: the mode that the verdict is about, if it is about one; its colour marks the card.
    """

    kind: Literal["share"] = "share"
    title: str
    verdict: str
    mode: Mode | None = None
    rows: tuple[ShareRow, ...] = ()
    reasons: tuple[Reason, ...] = ()
    note: str = ""


PictureSpec = MarketSpec | LadderSpec | DistancesSpec | TwoCoinsSpec | ShareSpec

_ANY: TypeAdapter[PictureSpec] = TypeAdapter(Annotated[PictureSpec, Field(discriminator="kind")])


def spec_of(data: Any) -> PictureSpec:
    """A spec from its JSON form. Raises pydantic's ValidationError."""
    return _ANY.validate_python(data) if not isinstance(data, (str, bytes)) else _ANY.validate_json(data)


def data_of(spec: PictureSpec) -> dict[str, Any]:
    """The JSON form of a spec."""
    data: dict[str, Any] = spec.model_dump(mode="json", exclude_defaults=True)
    return {"kind": spec.kind, **data}


def key_of(spec: PictureSpec) -> str:
    """The name of the picture by its content: equal specs have equal names, 64 hexadecimal digits."""
    return hashlib.sha256(f"{DRAWING} {spec.model_dump_json()}".encode()).hexdigest()
