"""The preview of a position in the other margin mode: the venue's rule, the new liquidation price, what it frees."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from bot.rendering.compare_views import SwitchView
from bot.rendering.errors import refusal_note
from bot.rendering.venues import title_of
from bot.rendering.views import Figures, Mode, Note, SideName
from bot.services.checking import figures
from bot.services.comparing import one_book, referred
from bot.services.equity import one_asset_of
from bot.services.halves import isolated_margins
from bot.services.subject import Subject
from bot.services.symbols import coin_of
from margin_engine import Book, EngineError, Evaluation, MarginMode, Side, evaluate, preset_of, preview_switch


def switched(
    subject: Subject, identity: str, *, start: Mode | None = None, said: Mode | None = None, to: Mode | None = None
) -> SwitchView | None:
    """The preview of one position in the other mode; None for a position that is not there.

    Arguments: start, the mode that it is in now, None for the one that was said, else the one that is not `to`; said,
    the mode that was said for every position of a trade; to, the mode that was asked for.
    """
    book, leg = one_book(subject), subject.legs.get(identity)
    if book is None or leg is None or all(each.id != identity for each in book.positions):
        return None
    stated = leg.mode or said
    start = start or stated or ("cross" if to == "isolated" else "isolated")
    standing = _standing(book, subject, identity, start)
    switching, position = preset_of(book.venue).switching, book.position(identity)
    leg = replace(referred(leg, position), isolated=None, cross=None)
    view = SwitchView(
        id=identity,
        leg=leg,
        start=start,
        stated=stated == start,
        permission=_PERMISSIONS[switching.with_position],
        venue=title_of(book.venue),
        rule=switching.rule,
        source=switching.source,
        settle=one_asset_of(book) or subject.settle,
    )
    try:
        preview, now = preview_switch(standing, identity), evaluate(standing, explain=False)
    except EngineError as error:
        return replace(view, refusal=refusal_note(error, isolated_margins(standing)))
    reference = leg.reference.price if leg.reference is not None else position.entry_price
    view = _with_figures(view, start, figures(now, identity, reference, quantity=position.quantity))
    if preview.evaluation is None:
        return replace(view, refusal=_unaffordable(preview.refusal, now, standing))
    after = figures(preview.evaluation, identity, reference, quantity=position.quantity)
    crossed = set(preview.crossed_at_once)
    dead = [each.id for each in preview.evaluation.positions if each.pool_id in crossed]
    return replace(
        _with_figures(view, view.end, after),
        released=preview.released if one_asset_of(book) is not None else None,
        dead=tuple((coin_of(each.symbol), _side(each.side)) for each in map(book.position, dead)),
        together=len(preview.positions),
    )


_PERMISSIONS: Final[dict[bool | None, Literal["allowed", "refused", "unknown"]]] = {
    True: "allowed",
    False: "refused",
    None: "unknown",
}


def _side(side: Side) -> SideName:
    return "long" if side is Side.LONG else "short"


def _standing(book: Book, subject: Subject, identity: str, start: Mode) -> Book:
    """The book with that position in the mode `start`, and with it all positions of a trade whose mode nobody said."""
    modes = {
        each.id: MarginMode(start) if each.id == identity or subject.legs[each.id].mode is None else each.margin_mode
        for each in book.positions
    }
    return replace(
        book,
        positions=tuple(
            each
            if each.margin_mode is modes[each.id]
            else replace(each, margin_mode=modes[each.id], isolated_margin=None)
            for each in book.positions
        ),
    )


def _with_figures(view: SwitchView, mode: Mode, found: Figures) -> SwitchView:
    leg = replace(view.leg, isolated=found) if mode == "isolated" else replace(view.leg, cross=found)
    return replace(view, leg=leg)


def _unaffordable(error: EngineError | None, now: Evaluation, book: Book) -> Note:
    """Why the engine refuses the switch: mostly that the margin which it sets aside is not free."""
    asset = one_asset_of(book)
    pool = next((pool for pool in now.pools if pool.id == f"cross:{asset}"), None)
    if error is None or pool is None or not error.field.startswith("changes["):
        return refusal_note(error, isolated_margins(book)) if error is not None else Note(name="refused")
    return Note(name="switch_unaffordable", facts={"free": pool.available_balance})
