"""Everything that a what-if card shows: the subject's books under the scenario, with what has to be said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from bot.rendering.views import Asked, LegView, Note, Partition, Reference
from bot.rendering.whatif_views import ChangeView, HalfView, MoveView, StartView, WhatIfView
from bot.services.equity import asset_of, is_cut, prices_of
from bot.services.market_moves import beta_of, beta_window, events
from bot.services.moved_prices import Shifts, shifts_of
from bot.services.readiness import unplaced
from bot.services.scenario import EVERYTHING, GROUPS, Ladder, Move, Scenario, Supposed
from bot.services.subject import Subject, goals_of
from bot.services.supposed_changes import opened_position, whose
from bot.services.symbols import coin_of, tick_of
from bot.services.what_if_reach import RUNGS, ladder, rungs_of
from bot.services.what_ifs import half, switched
from bot.understanding.coins import STABLES
from margin_engine import Book, MarginMode, Permission, preview_switch

_SAYS_PRICE: Final = frozenset(
    {"entry_is_price", "entry_is_price_of", "larger_entry_is_price", "entries_are_prices", "saved_prices"}
)
"""Assumptions that the line about where the coins start says already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfWorked:
    """A card's content; `refusal` says why its moves cannot be meant, and then they are left out."""

    view: WhatIfView
    shifts: Shifts = field(default_factory=Shifts)
    book: Book | None = None
    """The account as it stands."""

    @property
    def refusal(self) -> Note | None:
        """Why the scenario cannot be meant, None when it can."""
        return self.shifts.refusal


def work_out(
    subject: Subject, scenario: Scenario, *, ladder_of: str | None = None, book: Book | None = None
) -> WhatIfWorked:
    """The card of a scenario.

    Arguments: ladder_of, the target of a ladder that is wanted; book, the account where it came as one. Never raises
    for what a person can say: what is missing, refused or unknown is part of the result.
    """
    stands = book or subject.as_it_stands
    known = subject.wallet is not None or "cross" in subject.books
    books, notes = _books(subject, scenario, known=known)
    legs = dict(subject.legs) | _opened(books, scenario)
    shifts = _shifts(books, legs, scenario)
    told = scenario if shifts.refusal is None else scenario.model_copy(update={"moves": ()})
    halves = [
        half(name, each, told, shifts, legs, switches=switches, free_wallet=known)
        for name, (each, switches) in books.items()
    ]
    refused = [HalfView(partition=name, trouble=note) for name, note in subject.trouble.items() if name not in books]
    rungs = scenario.ladder or Ladder(target=ladder_of or EVERYTHING, low=RUNGS[0], high=RUNGS[-1])
    wanted = ladder_of is not None or scenario.ladder is not None
    percents = rungs_of(rungs) if scenario.ladder is not None else RUNGS
    starts = _starts(books, shifts, legs)
    view = WhatIfView(
        moves=tuple(_move_view(each) for each in told.moves),
        changes=tuple(_change_view(each, stands, legs, number) for number, each in enumerate(told.changes)),
        halves=(*(each.view for each in halves), *refused),
        starts=starts,
        legs=tuple(subject.legs.values()),
        asset=asset_of(stands) if stands is not None else subject.settle,
        wallet_known=known,
        haircut=any(is_cut(each) for each, _ in books.values()),
        remarks=tuple(
            _once(
                [
                    *_said(shifts, scenario, stands),
                    *_passed(starts, subject),
                    *subject.remarks,
                    *notes,
                    *(n for each in halves for n in each.notes),
                ]
            )
        ),
        assumed=(*_assumptions(told, shifts, subject), *_of_subject(subject, told)),
        asked=_asked(subject, told),
        tiers=subject.tiers,
        ladder=ladder(books, told, rungs.target, percents, free_wallet=known) if wanted and books else (),
        ladder_target=rungs.target,
        coins=coins_of(subject),
    )
    return WhatIfWorked(view=view, shifts=shifts, book=stands)


def moved(subject: Subject, scenario: Scenario) -> Shifts:
    """Where a scenario takes the prices, for who does not ask what becomes of the account, which takes far longer."""
    books, _ = _books(subject, scenario, known=subject.wallet is not None or "cross" in subject.books)
    return _shifts(books, dict(subject.legs) | _opened(books, scenario), scenario)


def coins_of(subject: Subject) -> tuple[str, ...]:
    """The coins of the positions, in their order."""
    return tuple(dict.fromkeys(coin_of(leg.coin) for leg in subject.legs.values() if leg.coin))


def _shifts(books: Mapping[Partition, tuple[Book, bool]], legs: Mapping[str, LegView], scenario: Scenario) -> Shifts:
    """The moves of a scenario; none where they cannot be meant."""
    shifts = shifts_of(scenario, _prices(books, legs))
    return shifts if shifts.refusal is None else replace(shifts, by_coin={})


def _books(
    subject: Subject, scenario: Scenario, *, known: bool
) -> tuple[dict[Partition, tuple[Book, bool]], list[Note]]:
    """The books in the order in which they are shown, each with whether changes of mode are made in it."""
    books: dict[Partition, tuple[Book, bool]] = {}
    said = {leg.mode for leg in subject.legs.values()}
    notes: list[Note] = []
    first: Partition | None = "cross" if said == {"cross"} else None
    if "given" in subject.books:
        books["given"] = (subject.books["given"], True)
    modes = [change for change in scenario.changes if change.kind == "mode"]
    stands = subject.as_it_stands
    if modes and stands is not None and known:
        notes += _permissions(stands, modes)
        one = switched(stands, scenario, free_wallet=known)
        if one is not None and one.value in subject.books:
            books.pop("given", None)
            first = "cross" if one is MarginMode.CROSS else "isolated"
        else:
            books["given"] = (stands, True)
    order: tuple[Partition, ...] = ("cross", "isolated") if first == "cross" else ("isolated", "cross")
    return {**books, **{name: (subject.books[name], False) for name in order if name in subject.books}}, notes


def _permissions(book: Book, modes: list[Supposed]) -> list[Note]:
    """Whether the venue lets a position that is open change its mode."""
    moved = next((each for change in modes for each in whose(book, change) if each.margin_mode != change.mode), None)
    if moved is None:
        return []
    permission = preview_switch(book, moved.id).permission
    return [_PERMISSIONS[permission]]


_PERMISSIONS: Final = {
    Permission.ALLOWED: Note(name="whatif_switch_allowed"),
    Permission.REFUSED: Note(name="whatif_switch_refused"),
    Permission.UNKNOWN: Note(name="whatif_switch_unknown"),
}


def _opened(books: Mapping[Partition, tuple[Book, bool]], scenario: Scenario) -> dict[str, LegView]:
    """How positions that are supposed to be opened are shown."""
    legs: dict[str, LegView] = {}
    book = next((each for each, _ in books.values()), None)
    for number, change in enumerate(scenario.changes):
        if change.kind != "open" or book is None:
            continue
        position, _ = opened_position(book, change, number)
        if position is not None:
            legs[position.id] = LegView(
                coin=coin_of(position.symbol),
                side="long" if position.side.value == "long" else "short",
                quantity=position.quantity,
                entry=position.entry_price,
                leverage=position.leverage,
                tick=tick_of(position.symbol, book.venue),
                reference=Reference(price=position.entry_price),
            )
    return legs


def _prices(books: Mapping[Partition, tuple[Book, bool]], legs: Mapping[str, LegView]) -> dict[str, Decimal]:
    found = {coin_of(leg.coin): leg.entry for leg in legs.values() if leg.entry is not None}
    for book, _ in books.values():
        found |= prices_of(book)
    return found


def _starts(
    books: Mapping[Partition, tuple[Book, bool]], shifts: Shifts, legs: Mapping[str, LegView]
) -> tuple[StartView, ...]:
    """Every coin with where it starts and ends; `given` where somebody said its price now."""
    prices = _prices(books, legs)
    given = {
        coin_of(leg.coin): leg.reference.age for leg in legs.values() if leg.reference and leg.reference.age is not None
    }
    return tuple(
        StartView(
            coin=coin,
            price=price,
            end=price * (1 + shift.fraction) if (shift := shifts.by_coin.get(coin)) else price,
            age=given.get(coin),
            moved=coin in shifts.by_coin,
        )
        for coin, price in prices.items()
        if coin not in STABLES or coin in shifts.by_coin
    )


# --- How it is said ------------------------------------------------------------------------------------------------


def _move_view(move: Move) -> MoveView:
    event = events().get(move.event) if move.event else None
    return MoveView(
        target=move.target,
        points=move.points,
        price=move.price,
        event=event.name if event else None,
        event_day=event.first_day if event else None,
        beta_to=move.beta_to,
        beta=move.beta,
    )


def _change_view(change: Supposed, book: Book | None, legs: Mapping[str, LegView], number: int) -> ChangeView:
    mine = whose(book, change) if book is not None and change.kind not in ("deposit", "open") else ()
    opened = legs.get(f"new{number}") if change.kind == "open" else None
    return ChangeView(
        kind=change.kind,
        whose=(opened,) if opened else tuple(legs[each.id] for each in mine if each.id in legs),
        everyone=change.coin is None and len(mine) > 1,
        amount=change.amount,
        mode=change.mode,
        days=change.days,
    )


def _said(shifts: Shifts, scenario: Scenario, book: Book | None) -> list[Note]:
    """What of the message changes nothing or is not answered."""
    notes: list[Note] = []
    if scenario.guessed:
        notes.append(Note(name="whatif_as_fall"))
    notes += unplaced(scenario.unread)
    if scenario.backed_by and (book is None or scenario.backed_by not in {*book.wallet, *book.collateral}):
        notes.append(Note(name="whatif_backed_by", facts={"what": scenario.backed_by}))
    for ask in scenario.unanswered:
        name = "whatif_no_map" if ask == "heatmap" else "whatif_no_odds"
        notes.append(Note(name=name))
    stable = [coin for coin in shifts.not_held if coin in STABLES]
    others = [coin for coin in shifts.not_held if coin not in STABLES]
    notes += [Note(name="whatif_stable", facts={"coin": coin}) for coin in stable]
    return [*notes, *([Note(name="whatif_not_held", facts={"coins": ", ".join(others)})] if others else [])]


def _passed(starts: Sequence[StartView], subject: Subject) -> list[Note]:
    """The stops and targets on the way, which would close their position there if they were not left out."""
    ways = {start.coin: sorted((start.price, start.end)) for start in starts if start.moved}
    notes = []
    for leg, which, goal in goals_of(subject.legs.values()):
        low, high = ways.get(coin_of(leg.coin), (None, None))
        if low is not None and high is not None and low <= goal.price <= high and not goal.wrong_side:
            name = "whatif_stop_passed" if which == "stop" else "whatif_target_passed"
            notes.append(Note(name=name, facts={"coin": leg.coin, "goal": goal.price}))
    return notes


def _assumptions(scenario: Scenario, shifts: Shifts, subject: Subject) -> list[Note]:
    """What the moves rest on: an event's record, betas where they were asked for, else the same percentage for all."""
    notes: list[Note] = []
    by = {kind: [coin for coin, shift in shifts.by_coin.items() if shift.by == kind] for kind in _BY}
    past = next((events()[move.event] for move in scenario.moves if move.event in events()), None)
    if past is not None:
        name = "whatif_event_low" if past.direction == "down" else "whatif_event_high"
        notes.append(Note(name=name, facts={"market": past.market, "day": past.first_day}))
    if by["record_beta"]:
        notes.append(Note(name="whatif_event_beta", facts={"coins": _with_betas(by["record_beta"])}))
    if by["record_btc"]:
        notes.append(Note(name="whatif_event_btc", facts={"coins": ", ".join(by["record_btc"])}))
    if scenario.betas and (by["beta"] or not scenario.moves):
        first, last = beta_window()
        coins = _with_betas(by["beta"] or [coin_of(leg.coin) for leg in subject.legs.values()])
        notes.append(Note(name="whatif_betas", facts={"coins": coins, "first": first, "last": last}))
    elif any(move.target in GROUPS and move.plain and move.points for move in scenario.moves):
        named = [move.target for move in scenario.moves]
        if len(shifts.by_coin) > len(named):
            name = "whatif_same_percent" if named == [EVERYTHING] else "whatif_same_in_group"
            notes.append(Note(name=name))
    if any(change.kind == "funding" for change in scenario.changes):
        notes.append(Note(name="whatif_funding_flat"))
    if len({shift.fraction for shift in shifts.by_coin.values()}) > 1 or len(shifts.by_coin) > 1:
        notes.append(Note(name="whatif_straight"))
    return notes


_BY: Final = ("record", "record_beta", "record_btc", "beta")


def _with_betas(coins: list[str]) -> str:
    names = dict.fromkeys(coins)
    return ", ".join(f"{coin} {beta_of(coin):f}" for coin in names)


def _of_subject(subject: Subject, scenario: Scenario) -> list[Note]:
    funded = {"fees"} if any(change.kind == "funding" for change in scenario.changes) else set()
    return [note for note in subject.assumed if note.name not in _SAYS_PRICE | funded]


def _once(notes: list[Note]) -> list[Note]:
    found: list[Note] = []
    for note in notes:
        if note not in found:
            found.append(note)
    return found


def _asked(subject: Subject, scenario: Scenario) -> Asked | None:
    """The one question: what the subject lacks; a switch to cross lacks the wallet, too."""
    crossed = any(change.kind == "mode" and change.mode == "cross" for change in scenario.changes)
    if subject.asked is None and crossed and subject.wallet is None and "cross" not in subject.books:
        return Asked(slot="wallet", of_cross=True)
    return subject.asked
