"""A link that gives a copy of a portfolio, or only its shape in percent, to whoever opens it.

[Share] [A copy]                 ->  a link for seven days; the original is never touched
[Share] [Only the shape]         ->  the same without any amount or price
[End its links]                  ->  nobody opens them any more
/start copy-…                      ->  what the link gives; a copy is kept with [Save all]
"""

from __future__ import annotations

from bot.dialogue import Button, Card, Copy, Event, Outcome, Screen, Tap
from bot.flows.portfolio_card import Draft, and_change, new_card, page, show_card
from bot.flows.start import said, tongue_of
from bot.payloads import bot_link
from bot.rendering.check_buttons import close_row
from bot.rendering.check_screen import bold, joined, paragraphs
from bot.rendering.portfolio_import_screen import import_screen
from bot.rendering.portfolio_views import ReadLine
from bot.rendering.verdict import Tongue, mode_word, short_leg_name
from bot.services.account_view import leg_view
from bot.services.facts import SHARE_PREFIX, Facts
from bot.services.portfolios import free_name
from bot.services.saved import is_unused
from bot.services.sharing import LIFETIME, MOST_LINKS, copy_of, shape_of
from bot.storage.portfolios import RevokeShares, Share, SharePortfolio


def asked(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """What the link is to give, and how many there are."""
    stored = facts.portfolio
    if stored.id is None or not stored.portfolio.positions:
        return None
    words = tongue_of(event).words
    own = [share for share in facts.shares if share.portfolio_id == stored.id and share.expires_at > event.time]
    lines = [words("share.ask", name=stored.portfolio.name), *([words.count("share.links", len(own))] if own else [])]
    rows: list[tuple[Button, ...]] = [
        (
            Tap(label=words.label("button.share_copy"), action="share:copy"),
            Tap(label=words.label("button.share_shape"), action="share:shape"),
        )
    ]
    if own:
        rows.append((Tap(label=words.label("button.unshare"), action="unshare"),))
    rows.append((Tap(label=words.label("button.back"), action="more"),))
    return page(card, Draft(page="share"), Screen(text=joined(lines), buttons=tuple(rows)))


def made(event: Event, card: Card, what: str, facts: Facts) -> Outcome | None:
    """`share:copy`, `share:shape`: the link."""
    stored, tongue = facts.portfolio, tongue_of(event)
    if stored.id is None or not stored.portfolio.positions or what not in ("copy", "shape") or not facts.nonce:
        return None
    if sum(share.expires_at > event.time for share in facts.shares) >= MOST_LINKS:
        return show_card(event, card, facts, remark=tongue.words("share.most", most=MOST_LINKS))
    given = copy_of(stored.portfolio, now=event.time) if what == "copy" else shape_of(stored.portfolio, now=event.time)
    share = Share(
        token=facts.nonce,
        owner_id=event.person.id,
        portfolio_id=stored.id,
        shape=what == "shape",
        expires_at=event.time + LIFETIME,
        portfolio=given,
    )
    link = bot_link(event.bot_name, f"{SHARE_PREFIX}{share.token}")
    rows: tuple[tuple[Button, ...], ...] = (
        (Copy(label=tongue.words.label("button.copy_link"), text=link),),
        (Tap(label=tongue.words.label("button.back"), action="share"),),
    )
    key = "share.copy" if what == "copy" else "share.shape"
    text = tongue.words(key, name=stored.portfolio.name, link=link, day=tongue.numbers.day(share.expires_at.date()))
    return and_change(page(card, Draft(page="link"), Screen(text=text, buttons=rows)), SharePortfolio(share=share))


def ended(event: Event, card: Card, facts: Facts) -> Outcome | None:
    """`unshare`: the links of the open portfolio are dead."""
    if facts.portfolio.id is None:
        return None
    shown = show_card(event, card, facts, remark=tongue_of(event).words("share.ended"))
    return and_change(shown, RevokeShares(owner_id=event.person.id, portfolio_id=facts.portfolio.id))


def opened(event: Event, facts: Facts) -> Outcome:
    """A link was opened: what it gives. Nothing is stored before it is said to."""
    share = facts.share
    if share is None or share.expires_at <= event.time:
        return said(event, "share.gone")
    tongue = tongue_of(event)
    if share.shape:
        return Outcome(show=page(new_card(event), Draft(page="shape"), _shape(share, tongue)).show)
    portfolio, stored = share.portfolio, facts.portfolio
    name = stored.portfolio.name if is_unused(stored.portfolio) else free_name(portfolio.name[:40], facts.shelf)
    portfolio = portfolio.model_copy(update={"name": name if is_unused(stored.portfolio) else portfolio.name})
    lines = tuple(
        ReadLine(number=number, text=each.symbol, leg=leg_view(each, portfolio, now=event.time))
        for number, each in enumerate(portfolio.positions, start=1)
    )
    screen = import_screen(lines, tongue, name=name, ready=True, unsaid=0, trouble=None)
    draft = Draft(page="import", incoming=portfolio, replace_all=True, portfolio_id=stored.id, version=stored.version)
    return page(new_card(event), draft, screen)


def _shape(share: Share, tongue: Tongue) -> Screen:
    words = tongue.words
    lines = []
    for each in share.portfolio.positions:
        leg = leg_view(each, share.portfolio, now=each.saved_at)
        lines.append(
            words(
                "share.line",
                share=tongue.numbers.percent(each.quantity / 100),
                name=short_leg_name(leg, tongue),
                leverage=tongue.numbers.plain(each.leverage, most=2),
                mode=mode_word(each.margin_mode, tongue),
            )
        )
    head = joined(bold([words("share.shape_of", name=share.portfolio.name)]))
    return Screen(text=paragraphs((head, joined(lines), words("share.shape_note"))), buttons=(close_row(tongue),))
