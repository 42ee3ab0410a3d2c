"""Saving a check card: which mode, what is still missing, what it replaces, and whose wallet the account keeps.

[Save]                    ->  mode not said: "Save it as isolated or as cross?" [As isolated] [As cross]
                          ->  size, leverage or wallet not said: its question, and then saving goes on
                          ->  the place is taken: "... Replace it with this one?" [Replace] [« Back]
                          ->  "✓ Saved in your portfolio as cross." [Portfolio], [Use 5,000 USDT]
"""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot.dialogue import Card, Event, Outcome
from bot.flows.check_card import Draft, shown, worked_out
from bot.flows.start import tongue_of
from bot.rendering.check_pages import replace_screen
from bot.rendering.notes import write_note
from bot.rendering.portfolio_screen import place_name
from bot.rendering.verdict import Tongue
from bot.rendering.views import Mode, Slot
from bot.services.accounts import Saving, saving, with_wallet
from bot.services.checking import Worked
from bot.services.facts import Facts
from bot.services.funds import settles_of
from bot.services.saved import name_of
from bot.storage.portfolios import Portfolio, SavedPosition, SavePortfolio


def save(
    event: Event, card: Card, draft: Draft, facts: Facts, *, mode: Mode | None, instead: bool = False
) -> Outcome | None:
    """One step further towards the saved card; None for a card without an answer."""
    tongue = tongue_of(event)
    if draft.saved:
        return shown(event, card, draft, facts, toast=tongue.words.label("toast.already_saved"))
    worked = worked_out(event, card, draft, facts)
    if not worked.answered:
        return None
    if mode is None and any(leg.mode is None for leg in draft.question.legs):
        return shown(event, card, draft.model_copy(update={"page": "save_mode"}), facts)
    needed = _needed(worked, facts, mode)
    if needed is not None:
        slot, leg = needed
        update = {"page": "slot", "awaiting": slot, "leg": leg, "saving": True, "save_as": mode}
        return shown(event, card, draft.model_copy(update=update), facts)
    result = saving(
        facts.portfolio.portfolio,
        draft.question,
        worked,
        card_id=card.id,
        mode=mode,
        now=event.time,
        replace=instead,
    )
    asked = draft.model_copy(update={"save_as": mode})
    if result.held:
        screen = replace_screen(worked.view, tongue, held=_place(result.held[0], facts.portfolio.portfolio, tongue))
        return shown(event, card, asked.model_copy(update={"page": "replace"}), facts, screen=screen)
    return _saved(event, card, asked, facts, result)


def _place(held: SavedPosition, portfolio: Portfolio, tongue: Tongue) -> Markup:
    return place_name(name_of(portfolio, held.symbol), held.side, held.margin_mode, tongue)


def _needed(worked: Worked, facts: Facts, mode: Mode | None) -> tuple[Slot, int] | None:
    """What a saved position has to have that a card need not: a size, a leverage and, in cross, a wallet."""
    for index, leg in enumerate(worked.legs):
        if leg.leverage is None:
            return "leverage", index
        if leg.quantity is None:
            return "size", index
    crossed = [each for each in worked.legs if (each.leg.mode or mode) == "cross"]
    lacks = any(asset not in facts.portfolio.portfolio.wallet for asset in settles_of(crossed))
    if not lacks or worked.funds.wallet is not None:
        return None
    asked = worked.funds.asked
    return ("coin_price", asked.leg) if asked is not None and asked.slot == "coin_price" else ("wallet", 0)


def _saved(event: Event, card: Card, draft: Draft, facts: Facts, result: Saving) -> Outcome:
    tongue = tongue_of(event)
    words = tongue.words
    if result.portfolio is None:
        why = write_note(result.refusal, words, tongue.numbers).unescape() if result.refusal else ""
        toast = words.label("save.refused", why=why)
        return shown(event, card, draft.model_copy(update={"page": "card"}), facts, toast=toast, alert=True)
    kept = result.wallet_kept
    update = {"page": "card", "saved": True, "other_wallet": kept is not None}
    after = draft.model_copy(update=update)
    toast = {
        "isolated": words.label("save.done_isolated"),
        "cross": words.label("save.done_cross"),
        None: words.label("save.done"),
    }[after.saved_as]
    if kept is not None:
        asset, balance = kept
        toast += " " + words.label("save.wallet_kept", wallet=tongue.numbers.amount(balance, asset), asset=asset)
    change = SavePortfolio(owner_id=event.person.id, portfolio=result.portfolio, version=facts.portfolio.version)
    facts = replace(facts, portfolio=replace(facts.portfolio, portfolio=result.portfolio))
    return shown(event, card, after, facts, toast=toast, alert=kept is not None, changes=(change,))


def take_wallet(event: Event, card: Card, draft: Draft, facts: Facts) -> Outcome | None:
    """The portfolio takes the card's wallet balance; None for a card that is not saved."""
    view = worked_out(event, card, draft, facts).view
    wallet = view.wallet
    if wallet is None or not draft.saved:
        return None
    tongue = tongue_of(event)
    portfolio = with_wallet(facts.portfolio.portfolio, wallet, view.settle)
    change = SavePortfolio(owner_id=event.person.id, portfolio=portfolio, version=facts.portfolio.version)
    toast = tongue.words.label(
        "save.wallet_taken", wallet=tongue.numbers.amount(wallet, view.settle), asset=view.settle
    )
    return shown(event, card, draft.model_copy(update={"other_wallet": False}), facts, toast=toast, changes=(change,))
