"""The explain card: how far the venue's price is from ours, what gives it, and the next question.

Actions that its buttons send: `know:ITEM:VALUE`, `unsure:ITEM`, `ask:ITEM`, `known`, `back`, `close`, and those of an
open slot of the positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from markupsafe import Markup

from bot.dialogue import Button, Screen, Tap
from bot.rendering.check_buttons import CHOICES, back_row, choice_rows, close_row, in_rows, opener_row
from bot.rendering.check_screen import bold, joined, paragraphs, question_line, table_name
from bot.rendering.explain_views import Difference, Item, Suspect, SuspectName
from bot.rendering.notes import write_note
from bot.rendering.verdict import Tongue, leg_name, mode_word, short_leg_name
from bot.rendering.views import Asked, CheckView, LegView, Note
from margin_engine import preset_of

_NUMBERS: dict[str, str] = {
    "funding_effect": "number_of.funding_effect",
    "leverage_in_cross": "number_of.leverage_in_cross",
}
_QUESTIONS: dict[Item, str] = {
    "shown": "explain_ask.shown",
    "leg": "explain_ask.leg",
    "mode": "explain_ask.mode",
    "added": "explain_ask.added",
    "paid": "explain_ask.paid",
    "others": "explain_ask.others",
    "rate": "explain_ask.rate",
}
_LABELS: dict[Item, str] = {
    "shown": "explain_item.shown",
    "leg": "explain_item.leg",
    "mode": "explain_item.mode",
    "added": "explain_item.added",
    "paid": "explain_item.paid",
    "others": "explain_item.others",
    "rate": "explain_item.rate",
}
_SUSPECTS: dict[SuspectName, str] = {
    "mode": "suspect.mode",
    "venue": "suspect.venue",
    "rung": "suspect.rung",
    "flat_rate": "suspect.flat_rate",
    "closing_fee": "suspect.closing_fee",
    "fee_in_margin": "suspect.fee_in_margin",
    "opening_fee": "suspect.opening_fee",
    "leverage": "suspect.leverage",
    "added": "suspect.added",
    "paid": "suspect.paid",
    "wallet": "suspect.wallet",
    "entry": "suspect.entry",
    "rate": "suspect.rate",
}


def explain_screen(
    found: Difference, tongue: Tongue, *, item: Item | None, items: tuple[Item, ...], problem: Note | None = None
) -> Screen:
    """The answer as far as it is known, and its next question `item`; `items` is what can be known besides."""
    words = tongue.words
    parts = [joined([*bold([_verdict(found, tongue)]), _position(found, tongue), *_counted(found, tongue)])]
    if item not in ("shown", "leg", "mode"):
        parts += _suspects(found, tongue)
        parts.append(_remarks(found, tongue))
    parts = [part for part in parts if part]
    if item is not None:
        parts.append(_asked(item, found, tongue, problem))
    rows = _answers(item, found, tongue) if item is not None else [opener_row(tongue, "whatif", "compare", "act")]
    last: list[Button] = [Tap(label=words.label("button.close"), action="close")]
    if any(each in found.known for each in items) or found.shown is not None:
        last.insert(0, Tap(label=words.label("explain.known"), action="known"))
    return Screen(text=paragraphs(parts), buttons=(*rows, tuple(last)))


def item_screen(found: Difference, item: Item, tongue: Tongue, *, problem: Note | None = None) -> Screen:
    """One question that was answered before, open again."""
    text = paragraphs((joined(bold([_verdict(found, tongue)])), _asked(item, found, tongue, problem)))
    return Screen(text=text, buttons=(*_answers(item, found, tongue), back_row(tongue)))


def known_screen(found: Difference, items: tuple[Item, ...], tongue: Tongue) -> Screen:
    """Everything that was answered, a button for each."""
    every: tuple[Item, ...] = ("shown", *(("leg",) if len(found.legs) > 1 else ()), "mode", *items)
    taps = [Tap(label=_labelled(item, found, tongue), action=f"ask:{item}") for item in every]
    text = paragraphs((joined(bold([_verdict(found, tongue)])), tongue.words("explain.change")))
    return Screen(text=text, buttons=(*in_rows(taps, 2), back_row(tongue)))


def open_screen(legs: tuple[LegView, ...], asked: Asked | None, remarks: tuple[Note, ...], tongue: Tongue) -> Screen:
    """The positions lack something: the one question, or why there is no answer."""
    words = tongue.words
    notes = [write_note(note, words, tongue.numbers) for note in remarks]
    rows: list[tuple[Button, ...]] = []
    if asked is not None:
        view = CheckView(legs=legs or (LegView(coin=""),))
        notes.append(question_line(Asked(slot=asked.slot, leg=asked.leg), view, tongue))
        rows = choice_rows(asked, tongue, per_row=3)
    head = joined([leg_name(leg, tongue) for leg in legs if leg.coin])
    text = paragraphs((head, joined(notes)))
    return Screen(text=text or words("explain.no_answer"), buttons=(*rows, close_row(tongue)))


def number_of(topic: str, facts: Mapping[str, Decimal | str] | None, tongue: Tongue) -> Markup:
    """What a topic comes to for the position at hand: its liquidation price before and after; empty for other topics.

    facts: the numbers by name.
    """
    if facts is None or topic not in _NUMBERS:
        return Markup("")
    return tongue.words(_NUMBERS[topic], **_worded(facts, tongue))


# --- Lines ---------------------------------------------------------------------------------------------------------


def _verdict(found: Difference, tongue: Tongue) -> Markup:
    """ "Binance shows 61,020, I get 61,044.2: 24.1767 apart"."""
    words, explained = tongue.words, found.explained
    venue = found.venue or words.label("explain.your_exchange")
    if explained.ours is None:
        return words("explain.no_price", mode=mode_word(found.mode, tongue), coin=found.leg.coin)
    ours = _price(explained.ours, found.leg, tongue)
    if found.shown is None or explained.off is None:
        return words("explain.ours", ours=ours, mode=mode_word(found.mode, tongue))
    shown = tongue.numbers.plain(found.shown)
    if explained.fits:
        return words("explain.same", venue=venue, shown=shown, ours=ours)
    return words("explain.apart", venue=venue, shown=shown, ours=ours, off=_gap(abs(explained.off), tongue))


def _gap(off: Decimal, tongue: Tongue) -> str:
    """How far apart two prices are: to the cent, below 1 to three digits."""
    places = 2 if off >= 1 else 2 - off.adjusted()
    return tongue.numbers.plain(round(off, places), most=places)


def _price(price: Decimal, leg: LegView, tongue: Tongue) -> str:
    return tongue.numbers.liquidation_price(price, side=leg.side or "long", tick=leg.tick)


def _position(found: Difference, tongue: Tongue) -> Markup:
    if found.number is None:
        return tongue.words("explain.several", count=str(len(found.legs)))
    return Markup("{}, {}").format(leg_name(found.leg, tongue), mode_word(found.mode, tongue))


def _counted(found: Difference, tongue: Tongue) -> list[Markup]:
    """What the person told that our price counts already."""
    told = [item for item, value in found.known.items() if isinstance(value, Decimal) and value]
    what = "; ".join(_labelled(item, found, tongue) for item in told)
    return [tongue.words("explain.counted", what=what)] if told else []


def _suspects(found: Difference, tongue: Tongue) -> list[Markup]:
    """What gives the venue's price, and what does not; without such a price, what each would give."""
    words, explained = tongue.words, found.explained
    if explained.ours is None:
        return [words("explain.nothing_to_compare")]
    if found.shown is None:
        return [joined([words("explain.would_be"), *(_line(each, found, tongue) for each in explained.suspects)])]
    if explained.fits:
        return [words("explain.with_known")] if found.known else [words("explain.no_difference")]
    fitting = [each for each in explained.suspects if each.fits]
    rest = [each for each in explained.suspects if not each.fits]
    shown = tongue.numbers.plain(found.shown)
    head = words("explain.gives", shown=shown) if fitting else words("explain.none_gives", shown=shown)
    parts = [joined([head, *(_line(each, found, tongue) for each in fitting)])]
    if rest:
        parts.append(joined([words("explain.does_not"), *(_line(each, found, tongue) for each in rest)]))
    return parts


def _line(suspect: Suspect, found: Difference, tongue: Tongue) -> Markup:
    """ "• 12.04 USDT of added margin", with the price that it gives where that is not the venue's."""
    what = tongue.words(_SUSPECTS[suspect.name], **_worded(suspect.facts, tongue))
    if suspect.fits:
        return tongue.words("explain.fits", what=what)
    return tongue.words("explain.gives_price", what=what, price=_price(suspect.price, found.leg, tongue))


def _worded(facts: Mapping[str, Decimal | str], tongue: Tongue) -> dict[str, object]:
    asset = str(facts.get("asset", ""))
    return {name: _fact(name, value, asset, tongue) for name, value in facts.items()}


def _fact(name: str, value: Decimal | str, asset: str, tongue: Tongue) -> object:
    numbers = tongue.numbers
    if isinstance(value, str):
        return tongue.words.label(CHOICES[value]).lower() if name == "mode" else _title(name, value)
    if name == "rate":
        return numbers.rate(value)
    if name in ("leverage", "other"):
        return f"{numbers.plain(value, most=2)}x"
    if name in ("amount", "wallet"):
        return numbers.amount(value, asset)
    return numbers.plain(round(value, 2), most=2) if value >= 1 else numbers.plain(value, most=8)


def _title(name: str, value: str) -> str:
    return preset_of(value).title if name == "venue" else value


def _remarks(found: Difference, tongue: Tongue) -> Markup:
    words = tongue.words
    lines = []
    if found.explained.together is not None:
        lines.append(words("explain.together", price=_price(found.explained.together, found.leg, tongue)))
    if found.explained.ours is not None and not found.explained.mark_counts:
        lines.append(words("explain.mark"))
    if found.tiers is not None and (found.tiers.as_of or found.tiers.said):
        lines.append(words("explain.table", table=table_name(found.tiers, tongue)))
    if found.explained.ours is not None and not found.explained.fits:
        lines.append(words("explain.cannot_see"))
    return joined(lines)


# --- Questions -----------------------------------------------------------------------------------------------------


def _asked(item: Item, found: Difference, tongue: Tongue, problem: Note | None) -> Markup:
    venue = found.venue or tongue.words.label("explain.the_exchange")
    question = tongue.words(_QUESTIONS[item], venue=venue, asset=found.asset)
    return question if problem is None else joined([write_note(problem, tongue.words, tongue.numbers), question])


def _answers(item: Item, found: Difference, tongue: Tongue) -> list[tuple[Button, ...]]:
    words = tongue.words
    unsure = Tap(label=words.label("explain.unsure"), action=f"unsure:{item}")
    match item:
        case "leg":
            legs: list[Button] = [
                Tap(label=short_leg_name(leg, tongue).unescape(), action=f"know:leg:{number}")
                for number, leg in enumerate(found.legs)
            ]
            return in_rows(legs, 2)
        case "mode":
            modes = [Tap(label=words.label(CHOICES[mode]), action=f"know:mode:{mode}") for mode in CHOICES if _is(mode)]
            return in_rows([*modes, unsure], 3)
        case "added" | "paid" | "others":
            return [(Tap(label=words.label("explain.no"), action=f"know:{item}:0"), unsure)]
        case _:
            return [(unsure,)]


def _is(mode: str) -> bool:
    return mode in ("isolated", "cross")


def _labelled(item: Item, found: Difference, tongue: Tongue) -> str:
    """ "Added margin: 12": what was answered, with its value."""
    words, numbers = tongue.words, tongue.numbers
    value: str
    if item == "shown":
        value = numbers.plain(found.shown) if found.shown is not None else words.label("explain.open")
    elif item == "leg":
        value = short_leg_name(found.leg, tongue).unescape()
    elif item == "mode":
        value = words.label(CHOICES[found.mode])
    else:
        known = found.known.get(item)
        amount = numbers.rate(known) if item == "rate" and isinstance(known, Decimal) else None
        plain = numbers.plain(known) if isinstance(known, Decimal) else words.label("explain.open")
        value = amount or plain
    return words.label("change.slot", slot=words.label(_LABELS[item]), value=value)
