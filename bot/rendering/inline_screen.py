"""A trade as it is sent through inline mode: isolated, cross, both, or a ladder of moves, each a finished message.

Nobody can answer a question there, so that what is missing is said as words to add. Actions that the buttons send: the
page's letter, and `wAMOUNT` for a wallet, behind each the trade itself as far as it fits ("b~t1_...").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from markupsafe import Markup

from bot.dialogue import Button, Fill, Link, Offer, Screen, Tap
from bot.payloads import PAYLOAD_LIMIT
from bot.rendering.check_screen import bold, card_end, card_text, joined, paragraphs, question_line
from bot.rendering.plain import plain_text
from bot.rendering.verdict import (
    Tongue,
    figures_of,
    leg_name,
    modes_in_order,
    short_line,
    verdict_lines,
    wallet_name,
)
from bot.rendering.views import CheckView, Mode
from bot.rendering.whatif_pages import ladder_screen
from bot.rendering.whatif_table import amount, column_name
from bot.rendering.whatif_verdict import ladder_lines
from bot.rendering.whatif_views import WhatIfView
from bot.rendering.whatif_words import signed_percent

Page = Literal["b", "i", "c", "l"]
"""Both modes, isolated, cross, ladder."""

PAGES: Final[tuple[Page, ...]] = ("i", "c", "b", "l")
LABELS: Final[dict[Page, str]] = {
    "i": "mode.isolated",
    "c": "mode.cross",
    "b": "inline.both",
    "l": "button.ladder",
}
SHOWN_MOVES: Final = tuple(map(Decimal, (-20, -10, -5)))
"""The rungs of a ladder that its description names, for a long; a short's go the other way."""

_ROOM: Final = PAYLOAD_LIMIT - len("1.0.") - 11 - len(".")
"""Bytes that a button's action has: the rest is the version, no card, and the longest person's id in base 36."""

_DESCRIPTION: Final = 200


def tap_action(name: str, code: str | None) -> str:
    """A button's action with the trade behind it, so that it works where nothing of the message is known yet."""
    whole = f"{name}~{code}"
    return whole if code is not None and len(whole) <= _ROOM else name


def read_action(action: str) -> tuple[str, str]:
    """What a button of an offer means, and the trade behind it ("" for none)."""
    name, _, code = action.partition("~")
    return name, code


def trade_screen(
    view: CheckView,
    page: Page,
    tongue: Tongue,
    *,
    pages: Sequence[Page] = PAGES,
    wallets: Sequence[CheckView] = (),
    ladder: WhatIfView | None = None,
    code: str | None = None,
    link: str = "",
) -> Screen:
    """One page with its buttons.

    Arguments: pages, those that have an answer; wallets, the trade with each likely wallet where none was said;
    ladder, the account under the moves, None where that cannot be worked out; code, the trade for the buttons of an
    offer; link, to the same trade in private.
    """
    words = tongue.words
    others: list[Button] = [
        Tap(label=words.label(LABELS[each]), action=tap_action(each, code)) for each in pages if each != page
    ]
    rows: list[tuple[Button, ...]] = [tuple(others)] if others else []
    if wallets and page != "i":
        rows.append(
            tuple(
                Tap(label=wallet_name(each, tongue), action=tap_action(f"w{each.wallet}", code)) for each in wallets[:3]
            )
        )
    rows.append(own_row(tongue, link))
    return Screen(text=_text(view, page, tongue, wallets, ladder), buttons=tuple(rows))


def own_row(tongue: Tongue, link: str) -> tuple[Button, ...]:
    """The last row: to ask something of one's own right here, and to go on in private."""
    ask = Fill(label=tongue.words.label("button.ask_your_own"), text="")
    return (ask, Link(label=tongue.words.label("button.in_private"), url=link)) if link else (ask,)


def _text(
    view: CheckView, page: Page, tongue: Tongue, wallets: Sequence[CheckView], ladder: WhatIfView | None
) -> Markup:
    short = replace(tongue, brief=True)
    if page == "l" and ladder is not None:
        text = ladder_screen(ladder, tongue, chosen="").text
        return paragraphs((text, joined(leg_name(leg, tongue) for leg in view.legs), card_end(view, short)))
    if page == "c" and wallets:
        return _by_wallet(wallets, short)
    missing = _missing(view, tongue, wallets) if page == "b" else []
    shown = replace(view, asked=None) if page not in ("i", "c") else in_mode(view, _MODES[page])
    return paragraphs([card_text(shown, short), *missing])


def _missing(view: CheckView, tongue: Tongue, wallets: Sequence[CheckView]) -> list[Markup]:
    """What the other half waits for, as words to add."""
    if wallets:
        return [tongue.words("inline.wallet_missing")]
    if view.asked is None:
        return []
    if view.asked.of_cross and any(leg.quantity is None for leg in view.legs):
        return [tongue.words("inline.size_open")]
    return [question_line(view.asked, view, tongue)]


_MODES: Final[dict[str, Mode]] = {"i": "isolated", "c": "cross"}


def in_mode(view: CheckView, mode: Mode) -> CheckView:
    """The card with nothing but one mode on it."""
    if mode == "isolated":
        legs = tuple(replace(leg, cross=None, given=None) for leg in view.legs)
        return replace(view, legs=legs, asked=None, cross_trouble=None, market=None, wallets=())
    legs = tuple(replace(leg, isolated=None, given=None) for leg in view.legs)
    return replace(view, legs=legs, asked=None, isolated_trouble=None)


def _by_wallet(wallets: Sequence[CheckView], tongue: Tongue) -> Markup:
    """Cross with each likely wallet, since it depends on that."""
    lines = [verdict_lines(in_mode(each, "cross"), tongue)[0] for each in wallets]
    names = joined(leg_name(leg, tongue) for leg in wallets[0].legs)
    note = tongue.words("inline.each_wallet")
    return paragraphs((joined(bold(lines)), names, note, card_end(wallets[0], tongue)))


# --- The list of offers --------------------------------------------------------------------------------------------


def offer(identity: str, title: str, description: Sequence[Markup | str], screen: Screen) -> Offer:
    """An offer with at most two lines below its title."""
    lines = [_plain(line) for line in description[:2] if line]
    return Offer(id=identity, title=title, description="\n".join(lines)[:_DESCRIPTION], screen=screen)


def _plain(line: Markup | str) -> str:
    return plain_text(Screen(text=Markup(line) if isinstance(line, Markup) else Markup.escape(line)))


def trade_offer(
    identity: str,
    view: CheckView,
    page: Page,
    tongue: Tongue,
    screen: Screen,
    *,
    wallets: Sequence[CheckView] = (),
    ladder: WhatIfView | None = None,
) -> Offer:
    """A page as the list shows it: the number first, then what it is about."""
    words, names = tongue.words, [leg_name(leg, tongue) for leg in view.legs]
    name = Markup(" · ").join(names)
    match page:
        case "l" if ladder is not None:
            lines = [*_moves(ladder, tongue), _plain(name)]
            return offer(identity, _plain(ladder_lines(ladder, tongue)[0]), lines, screen)
        case "b":
            modes = (mode for mode in modes_in_order(view) if any(figures_of(leg, mode) for leg in view.legs))
            lines = [short_line(in_mode(view, mode), mode, tongue) for mode in modes]
            missing = [words("inline.cross_open")] if wallets else _missing(view, tongue, wallets)
            return offer(identity, words.label("inline.side_by_side"), [*lines, *missing, name], screen)
        case "c" if wallets:
            lines = [short_line(in_mode(each, "cross"), "cross", tongue) for each in wallets]
            return offer(identity, words.label("inline.cross_by_wallet"), lines, screen)
        case _:
            mode = _MODES[page]
            shown = in_mode(view, mode)
            return offer(identity, _plain(short_line(shown, mode, tongue)), [name, *_loss(shown, tongue)], screen)


def other_title(view: CheckView, tongue: Tongue) -> str:
    """The title of a second reading: what it takes the words for."""
    return _plain(
        tongue.words("inline.other_reading", name=Markup(" · ").join(leg_name(leg, tongue) for leg in view.legs))
    )


def _loss(view: CheckView, tongue: Tongue) -> list[Markup]:
    """The most that the one position can lose."""
    leg = view.legs[0]
    figures = leg.isolated or leg.cross
    if len(view.legs) > 1 or figures is None or figures.loss is None:
        return []
    loss = tongue.numbers.amount(figures.loss, leg.settle)
    return [tongue.words("inline.loss", loss=loss, asset=leg.settle)]


def _moves(ladder: WhatIfView, tongue: Tongue) -> list[str]:
    """What a few moves leave, in the first mode: "Isolated: −10% 12.5, −5% 262.5"."""
    half = next(iter(ladder.halves), None)
    if half is None:
        return []
    legs = ladder.legs
    falling = not legs or legs[0].side != "short"
    wanted = {move if falling else -move for move in SHOWN_MOVES}
    cells = [
        f"{signed_percent(rung.percent, tongue)}: {amount(left, ladder.asset, tongue)}"
        for rung in ladder.ladder
        if rung.percent in wanted and (left := rung.equity.get(half.partition)) is not None
    ]
    line = tongue.words.label(
        "inline.left", mode=column_name(half.partition, tongue), moves=", ".join(cells), asset=ladder.asset
    )
    return [line] if cells else []
