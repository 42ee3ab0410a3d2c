"""Numbers of one position -> its slots, when labels and units do not settle it: by the coin's price band, size and
place.

Order matters and is the order of certainty: what is labelled, what has a unit, what can only be a price, what can
only be leverage, and last what is left. Whatever was chosen between two possible readings is named in `assumed`.
"""

from collections.abc import Sequence
from decimal import Decimal

from bot.understanding.coins import plausible_price, plausible_quantity, usual_price, window
from bot.understanding.draft import Draft, after_isolated, is_quantity_place
from bot.understanding.fills import Fills
from bot.understanding.groups import Group
from bot.understanding.leftovers import amounts, left, rest
from bot.understanding.lexer import Piece
from bot.understanding.numbers import Number
from bot.understanding.roles import MOST_LEVERAGE, is_value
from bot.understanding.sizes_meant import LEAST_MONEY, MONEY_AS_SIZE, MOST_UNNAMED
from bot.understanding.units import FOREIGN, USUAL_LEVERAGE
from bot.understanding.words import Concept as C

_OTHER_ROLES = frozenset(
    {C.STOP, C.TAKE_PROFIT, C.RISK, C.FUNDING, C.BETA, C.REWARD, C.MARGIN_RATIO, C.LIQ, C.FEE, C.EQUITY, C.PNL, C.USED}
)


def assign(
    pieces: Sequence[Piece],
    group: Group,
    roles: dict[int, C],
    used: set[int],
    *,
    walleted: bool,
    fills: Fills | None = None,
) -> Draft:
    """The slots of the position that the pieces of a group speak of.

    Arguments: roles of labelled numbers; used, numbers that already mean something else (wallet, funding, marks);
    walleted, whether the wallet's balance was said; fills, the fills that the position is the sum of.
    """
    inside = range(group.start, group.end)
    free = [i for i in inside if pieces[i].number and i not in used and roles.get(i) not in _OTHER_ROLES]
    free = [index for index in free if not _is_time(pieces[index])]
    draft = Draft(pieces=pieces, group=group, roles=roles, free=dict.fromkeys(free), walleted=walleted)
    if fills is not None:
        draft.slots |= {"qty": fills.quantity, "entry": fills.entry}
        draft.assumed.append(f"entry: the average of {fills.count} fills")
    for step in (
        _lever_range, _labelled, _leverage, _pairs, _quantities, _range, _entry, _bare_leverage, amounts, rest, left
    ):  # fmt: skip
        step(draft)
    return draft


def _is_time(piece: Piece) -> bool:
    return piece.number is not None and piece.number.unit in ("hours", "days")


def _lever_range(draft: Draft) -> None:
    """ "2-5x", "5x to 10x": of two leverages the higher one, since it is the one that is liquidated first."""
    for index in list(draft.free):
        first = index - 2
        joint = draft.pieces[index - 1].text if index else ""
        if first not in draft.free or index not in draft.free or joint not in ("-", "to", "/"):
            continue
        low, high = draft.number(first), draft.number(index)
        levers = low.unit in ("", "x") and high.unit == "x"
        if levers or (draft.roles.get(first) is C.LEVERAGE and high.unit == "" and high.value <= MOST_LEVERAGE):
            draft.slots["leverage"] = max(low.value, high.value)
            draft.assumed.append(f"leverage: the higher one of {low.value:f} to {high.value:f}")
            draft.free = {other: None for other in draft.free if other not in (first, index)}


def _labelled(draft: Draft) -> None:
    symbol = draft.group.symbol
    for index in list(draft.free):
        number, role = draft.number(index), draft.roles.get(index)
        if role is C.ENTRY and number.unit == "coin" and number.asset == symbol and "entry" not in draft.slots:
            draft.give("entry", number.price(symbol), index)
        elif role in (C.ENTRY, C.AT) and number.unit in ("", "usd"):
            if "entry" not in draft.slots:
                _labelled_entry(draft, index, surely=role is C.ENTRY)
        elif role is C.LEVERAGE:
            draft.give("leverage", number.value, index)
        elif role is C.CONTRACTS and number.unit == "":
            draft.give("contracts", number.value, index)
        elif role is C.MARGIN and number.unit != "%":
            draft.give("margin", number.money(), index)
            if number.unit == "coin" or number.asset in FOREIGN:
                draft.slots["margin_unit"] = number.asset
        elif role is C.NOTIONAL and number.unit in ("", "usd"):
            draft.give("notional", number.money(), index)
        elif role is C.SIZE and (number.unit == "usd" or is_value(number, symbol, _label_of(draft, index))):
            draft.give("notional", number.money(), index)
            draft.assumed.append(MONEY_AS_SIZE)
        elif role is C.SIZE and number.unit in ("", "coins", "coin") and number.asset in ("", symbol):
            draft.give_quantity(number.value, index)


def _label_of(draft: Draft, index: int) -> str:
    """The word for a size right before a number."""
    before = draft.pieces[max(0, index - 3) : index]
    return next((piece.text for piece in reversed(before) if piece.concept is C.SIZE), "")


def _labelled_entry(draft: Draft, index: int, *, surely: bool) -> None:
    """The price behind "entry" or "at"; "from 64" for bitcoin is 64 thousand, and says so."""
    number, symbol = draft.number(index), draft.group.symbol
    price = number.price(symbol)
    if number.unit == "" and not number.scaled and not number.fits_price(symbol) and usual_price(symbol, price * 1000):
        draft.assumed.append(f"entry: {price.normalize():f} taken as {price * 1000:f}")
        draft.give("entry", price * 1000, index)
    elif surely or plausible_price(symbol, price) is not False:
        if plausible_price(symbol, price) is False:
            draft.assumed.append(f"entry: {price.normalize():f} is far from this coin's prices")
        draft.give("entry", price, index)


def _leverage(draft: Draft) -> None:
    for index in list(draft.free):
        number = draft.number(index)
        if number.unit == "x":
            draft.give("leverage", number.value, index)


def _pairs(draft: Draft) -> None:
    """ "0.5 @ 60k": the quantity before its price."""
    for index, role in draft.roles.items():
        quantity = index - 2
        if role is C.AT and quantity in draft.free and draft.pieces[quantity + 1].text in ("@", "at"):
            number = draft.number(quantity)
            bare = number.unit in ("", "coin", "coins") and not _is_rather_money(draft, number, index)
            if bare and "qty" not in draft.slots and plausible_quantity(draft.group.symbol, number.value):
                draft.give("qty", number.value, quantity)


def _is_rather_money(draft: Draft, number: Number, price: int) -> bool:
    """Whether so many coins at that price are more than people trade: "20x 500 at 64k" is no 32 million of bitcoin."""
    worth = number.value * draft.number(price).price(draft.group.symbol)
    return number.unit == "" and number.value >= LEAST_MONEY and worth > MOST_UNNAMED


def _quantities(draft: Draft) -> None:
    for index in list(draft.free):
        number, symbol = draft.number(index), draft.group.symbol
        if number.unit == "contracts":
            draft.give("contracts", number.value, index)
            _contract_value(draft, index)
        elif number.unit == "coins" or (_of_own_coin(draft, index) and not _is_price(draft, index)):
            if "qty" not in draft.slots:
                draft.give_quantity(_coins(number, symbol), index)
        elif _of_coin(draft, index):
            draft.give("notional", number.money(), index)


def _of_own_coin(draft: Draft, index: int) -> bool:
    """ "0.5 btc" in a position of BTC; also for names that are everyday words ("100 link")."""
    number, after = draft.number(index), draft.after(index)
    if number.unit == "coin":
        return number.asset == draft.group.symbol
    weak = after is not None and after.coin is not None and after.coin.weak and after.coin.symbol == draft.group.symbol
    return weak and number.unit == "" and not number.dollar and not number.usual_price(draft.group.symbol)


def _coins(number: Number, symbol: str | None) -> Decimal:
    """Of two readings of a quantity the one that a person can hold ("1,250 btc" is 1.25)."""
    return next((value for value in number.values if plausible_quantity(symbol, value)), number.value)


def _is_price(draft: Draft, index: int) -> bool:
    """Whether a number before a coin is its price after all: the only price there ("64k btc long", "150 sol 3
    coins").
    """
    number, symbol = draft.number(index), draft.group.symbol
    if draft.slots.get("entry") or not number.usual_price(symbol) or number.glued:
        return False
    others = [i for i in draft.free if i != index and draft.number(i).unit in ("", "usd")]
    known = window(symbol)
    costly = known is not None and number.value * known.low > 2_000_000
    return costly and not any(draft.number(i).usual_price(symbol) for i in others)


def _of_coin(draft: Draft, index: int) -> bool:
    """ "1.5m of btc", "$500 worth of eth": money that says the value of the position."""
    number, after, then = draft.number(index), draft.after(index), draft.after(index, 2)
    if number.unit not in ("", "usd") or after is None or after.text != "of" or then is None or then.coin is None:
        return False
    return number.unit == "usd" or number.scaled


def _contract_value(draft: Draft, index: int) -> None:
    """ "100 contracts of $100": the face value of one contract."""
    for at in (index + 1, index + 2):
        after = draft.pieces[at].number if at < draft.group.end else None
        if after and after.unit == "usd" and at in draft.free and after.value in (1, 10, 100):
            draft.give("contract_value_usd", after.value, at)
            return
    for at in list(draft.free):
        number, behind = draft.number(at), draft.after(at)
        if number.unit == "usd" and number.value in (1, 10, 100) and behind is not None and behind.concept is C.EACH:
            draft.give("contract_value_usd", number.value, at)
            return


def _range(draft: Draft) -> None:
    """ "entry 64000 - 64500": a range counts as its middle."""
    for index in list(draft.free):
        first = index - 2
        sign = draft.pieces[index - 1].text if index else ""
        if first < draft.group.start or sign not in ("-", "to") or draft.pieces[first].number is None:
            continue
        low, high = draft.number(first), draft.number(index)
        entry = low.price(draft.group.symbol)
        if (
            low.fits_price(draft.group.symbol)
            and high.fits_price(draft.group.symbol)
            and draft.slots.get("entry", entry) == entry
        ):
            draft.slots["entry"] = (entry + high.price(draft.group.symbol)) / 2
            draft.assumed.append("entry: the middle of the range")
            draft.free = {other: None for other in draft.free if other not in (first, index)}


def _entry(draft: Draft) -> None:
    if "entry" in draft.slots:
        return
    symbol = draft.group.symbol
    candidates = [index for index in draft.free if draft.number(index).unit in ("", "usd")]
    if window(symbol) is None:
        _entry_without_band(draft, candidates)
        return
    fitting = [i for i in candidates if draft.number(i).fits_price(symbol) and not _surely_money(draft, i)]
    usual = [i for i in fitting if draft.number(i).usual_price(symbol)]
    bare = [i for i in usual or fitting if draft.number(i).unit == ""]
    chosen = bare or usual or fitting
    if not chosen:
        _entry_in_thousands(draft, candidates)
        return
    index = chosen[-1] if len(chosen) == 2 and is_quantity_place(draft, chosen[0]) else chosen[0]
    number = draft.number(index)
    lone_money = number.unit == "usd" and not any(draft.number(i).unit == "usd" for i in candidates if i != index)
    if len(chosen) > 1 or lone_money or not usual_price(symbol, number.price(symbol)):
        draft.assumed.append(f"entry: {number.price(symbol).normalize():f} taken as the entry price")
    draft.give("entry", number.price(symbol), index)


def _surely_money(draft: Draft, index: int) -> bool:
    """Money by its unit, and too cheap or too written-out for a price: "1000 usdt", "100 bucks", "$100" beside SOL."""
    number = draft.number(index)
    if number.unit != "usd":
        before = draft.before(index)
        paid = after_isolated(draft, index) or (before is not None and before.text in ("with", "w"))
        return paid and _has_other_price(draft, index)
    if "qty" in draft.slots and number.usual_price(draft.group.symbol) and not _has_other_price(draft, index):
        return False
    known = window(draft.group.symbol)
    costly = known is not None and known.low > 500 and number.usual_price(draft.group.symbol)
    priced = costly and (number.dollar or any(i != index and draft.number(i).unit == "usd" for i in draft.free))
    after = draft.after(index)
    return not priced or (after is not None and after.concept in (C.MARGIN, C.ISOLATED))


def _has_other_price(draft: Draft, index: int) -> bool:
    return any(i != index and draft.number(i).usual_price(draft.group.symbol) for i in draft.free)


def _entry_in_thousands(draft: Draft, candidates: Sequence[int]) -> None:
    """ "long btc 65 20x": 65 thousand, where nobody could hold so many coins and the thousandfold is a usual price."""
    symbol, known = draft.group.symbol, window(draft.group.symbol)
    for index in candidates:
        number = draft.number(index)
        dear = known is not None and number.value * known.low > 1_000_000
        if number.unit == "" and not number.scaled and dear and usual_price(symbol, number.value * 1000):
            draft.assumed.append(f"entry: {number.value.normalize():f} taken as {number.value * 1000:f}")
            draft.give("entry", number.value * 1000, index)
            return


def _affordable(draft: Draft, quantity: Decimal) -> bool:
    """Whether so many coins at the entry are a usual position, so that in the quantity's place they are one."""
    entry = draft.slots.get("entry")
    return isinstance(entry, Decimal) and "qty" not in draft.slots and quantity * entry < 50_000


def _entry_without_band(draft: Draft, candidates: list[int]) -> None:
    """For coins without a recorded price: the one bare number, else the one with decimals."""
    bare = [index for index in candidates if draft.number(index).unit == "" and not after_isolated(draft, index)]
    fraction = [index for index in bare if draft.number(index).value % 1 != 0]
    chosen = (
        bare if len(bare) == 1 else fraction if len(fraction) == 1 else bare[:1] if "leverage" in draft.slots else []
    )
    if not chosen and bare:
        chosen = [max(bare, key=lambda index: draft.number(index).value)]
    if chosen:
        value = draft.number(chosen[0]).value
        if draft.group.symbol is not None or len(bare) > 1:
            draft.assumed.append(f"entry: {value.normalize():f} taken as the entry price")
        draft.give("entry", value, chosen[0])


def _bare_leverage(draft: Draft) -> None:
    """A whole number up to 200 that stands alone, where a price is known: "btc l 64000 20 iso 500"."""
    if "leverage" in draft.slots or "entry" not in draft.slots:
        return
    known = window(draft.group.symbol)
    costly = known is not None and known.low > 500
    fitting = [
        index
        for index in draft.free
        if (number := draft.number(index)).unit == "" and not number.scaled and number.value in USUAL_LEVERAGE
        if not after_isolated(draft, index) and (costly or not is_quantity_place(draft, index))
        if not (is_quantity_place(draft, index) and (number.value < 3 or _affordable(draft, number.value)))
    ]
    if fitting:
        if not costly:
            draft.assumed.append(f"leverage: {draft.number(fitting[0]).value.normalize():f} taken as the leverage")
        draft.give("leverage", draft.number(fitting[0]).value, fitting[0])
