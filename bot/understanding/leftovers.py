"""The numbers of a position that neither a label nor a unit nor a price band settles: amounts, quantities, the rest."""

from decimal import Decimal

from bot.understanding.asides import figure, slot_of
from bot.understanding.coins import plausible_quantity
from bot.understanding.draft import Draft, after_isolated, is_quantity_place
from bot.understanding.units import FOREIGN


def amounts(draft: Draft) -> None:
    """Unlabelled amounts of money: the margin, or the wallet where size and leverage settle the margin."""
    for index in list(draft.free):
        number = draft.number(index)
        if number.unit in ("usd", "coin") and number.asset != draft.group.symbol and _is_wallet(draft, index):
            _take_wallet(draft, index)
        elif number.unit == "usd" and not {"margin", "notional"} & draft.slots.keys():
            draft.give("margin", number.money(), index)
            if number.asset in FOREIGN:
                draft.slots["margin_unit"] = number.asset
            draft.assumed.append(f"usd_amount_is_margin: {number.money().normalize():f} {number.asset} taken as margin")
        elif (
            number.unit == "coin"
            and number.asset != draft.group.symbol
            and "margin" not in draft.slots
            and "entry" in draft.slots
        ):
            draft.give("margin", number.value, index)
            draft.slots["margin_unit"] = number.asset
            draft.assumed.append(f"usd_amount_is_margin: {number.value.normalize():f} {number.asset} taken as margin")


def _is_wallet(draft: Draft, index: int) -> bool:
    """Whether an unlabelled amount can only be the wallet: size and leverage are said and settle the margin."""
    sized = {"qty", "notional", "contracts"} & draft.slots.keys()
    spoken_for = draft.walleted or draft.wallet is not None or "margin" in draft.slots
    return bool(sized) and "leverage" in draft.slots and not spoken_for and not after_isolated(draft, index)


def _take_wallet(draft: Draft, index: int) -> None:
    draft.wallet = draft.number(index)
    del draft.free[index]
    draft.assumed.append(f"wallet: {figure(draft.wallet)} taken as the wallet balance")


def rest(draft: Draft) -> None:
    """What is left is a quantity or a margin; the amount and the place decide, and a choice is flagged."""
    for index in list(draft.free):
        number = draft.number(index)
        second_price = number.usual_price(draft.group.symbol) and not plausible_quantity(
            draft.group.symbol, number.value
        )
        second_price = second_price or _is_near_entry(draft, index)
        if number.unit != "" or number.sign == "±" or (second_price and not after_isolated(draft, index)):
            continue
        as_quantity = "qty" not in draft.slots and _holdable(draft, number.value)
        as_margin = not {"margin", "notional"} & draft.slots.keys() and number.value >= 5
        if number.value >= 5 and _is_wallet(draft, index):
            _take_wallet(draft, index)
            continue
        early = is_quantity_place(draft, index) or (as_quantity and not as_margin)
        if (after_isolated(draft, index) and as_margin) or (as_margin and not (as_quantity and early)):
            draft.give("margin", number.money(), index)
            draft.assumed.append(f"usd_amount_is_margin: {number.money().normalize():f} taken as margin")
        elif as_quantity:
            draft.give("qty", number.value, index)
            if as_margin:
                draft.assumed.append(f"size: {number.value.normalize():f} taken as coins")


_NEAR = Decimal("1.4")
"""Within this factor of the entry a usual price of the coin is a second price, and no money."""


def _is_near_entry(draft: Draft, index: int) -> bool:
    """Whether a bare number may as well be another price of the coin: then nothing decides what it is."""
    number, entry, before = draft.number(index), draft.slots.get("entry"), draft.before(index)
    if not isinstance(entry, Decimal) or not number.usual_price(draft.group.symbol) or draft.roles.get(index):
        return False
    paid = before is not None and before.text in ("with", "w", "using", "/")
    return not paid and entry / _NEAR <= number.price(draft.group.symbol) <= entry * _NEAR


def _holdable(draft: Draft, quantity: Decimal) -> bool:
    entry = draft.slots.get("entry")
    if not isinstance(entry, Decimal):
        return plausible_quantity(draft.group.symbol, quantity)
    return 1 <= quantity * entry < 20_000_000


def left(draft: Draft) -> None:
    """What found no place is named: a number that is passed over in silence looks as if it had been understood."""
    for index in draft.free:
        number, role, before, after = (
            draft.number(index), draft.roles.get(index), draft.before(index), draft.after(index)
        )  # fmt: skip
        if after is not None and after.text == ")" and after.glued and (before is None or before.text == "\n"):
            continue  # "1) long ...": the number of an item
        priced = role is None and number.unit in ("", "usd") and number.usual_price(draft.group.symbol)
        slot = "entry" if priced else slot_of(role, number)
        draft.unread.append(figure(number))
        draft.assumed.append(f"{slot}: {figure(number)} was said too and is not used")
