"""Whether a bare number behind "size" is coins or money, once the entry, the leverage and the wallet are known."""

from __future__ import annotations

from decimal import Decimal

from bot.understanding.draft import Draft
from bot.understanding.readings import AccountSlots
from bot.understanding.words import Concept as C

MONEY_AS_SIZE = "size: a size in money is taken as the position's value"
TAKEN_AS_COINS = "taken as coins, not money"

LEAST_MONEY = Decimal(100)
"""A smaller size is coins: nobody writes "size 20" for 20 dollars."""

MOST_COINS = Decimal(10_000_000)
"""USDT that coins behind "size" are worth at most where no wallet is told."""

MOST_UNNAMED = Decimal(1_000_000)
"""USDT beyond which it is named, and asked about, that a size was taken as coins."""

MOST_OF_WALLET = 20
"""How many times the wallet the margin of the coins may be; nobody means more than that."""


def size_in_money(draft: Draft, account: AccountSlots | None) -> None:
    """Makes a size in coins that cannot be meant the position's value, and names one that hardly can be.

    "size 10k short eth 3300 15x wallet 4k" as 10,000 coins would take 2,200,000 margin.
    """
    size, entry = _bare_size(draft), draft.slots.get("entry")
    if size is None or not isinstance(entry, Decimal):
        return
    worth, leverage = size * entry, draft.slots.get("leverage")
    margin = worth / leverage if isinstance(leverage, Decimal) and leverage > 0 else worth
    wallet = account.balance if account is not None and account.balance and account.unit is None else None
    if worth > MOST_COINS or (wallet is not None and margin > MOST_OF_WALLET * wallet):
        del draft.slots["qty"]
        draft.slots["notional"] = size
        draft.assumed.append(MONEY_AS_SIZE)
    elif worth > MOST_UNNAMED or (wallet is not None and margin > wallet):
        draft.assumed.append(f"size: {size.normalize():f} {TAKEN_AS_COINS}")


def size_of_inverse(draft: Draft) -> None:
    """Makes dollars beside an inverse contract, which nobody called margin, its size: its margin is in the coin."""
    slots = draft.slots
    taken = [flag for flag in draft.assumed if flag.startswith("usd_amount_is_margin")]
    dollars = slots.get("margin_unit") in (None, "USD", "USDT")
    if (
        slots.get("contract") != "inverse"
        or not taken
        or not dollars
        or slots.keys() & {"qty", "notional", "contracts"}
    ):
        return
    amount = slots.pop("margin", None)
    if isinstance(amount, Decimal):
        slots.pop("margin_unit", None)
        slots["notional"] = amount
        draft.assumed = [flag for flag in draft.assumed if flag not in taken]
        draft.assumed.append(f"size: {amount.normalize():f} USD taken as the position's size")


def _bare_size(draft: Draft) -> Decimal | None:
    """The number behind "size" that was taken as coins without a word that says so."""
    if "notional" in draft.slots or "margin" in draft.slots:
        return None
    for index, role in draft.roles.items():
        number = draft.pieces[index].number if draft.group.start <= index < draft.group.end else None
        after = draft.pieces[index + 1] if index + 1 < len(draft.pieces) else None
        if role is not C.SIZE or number is None or number.unit or number.value < LEAST_MONEY:
            continue
        named = after is not None and (after.coin is not None or after.concept is C.COINS)
        if number.value == draft.slots.get("qty") and not named:
            return number.value
    return None
