"""How big: "btc long 64k stop 62k risk 100$", "max lev so liq stays below 60k", "survive -25% on sol, how many sol"."""

from collections.abc import Sequence
from decimal import Decimal

from bot.understanding.account import horizon_of, saved_name, venue_of
from bot.understanding.asks import asks_of
from bot.understanding.coins import STABLES
from bot.understanding.groups import strong_coins
from bot.understanding.lexer import Piece
from bot.understanding.positions import Book, book_of
from bot.understanding.readings import AccountSlots, Constraint, Parsed, PositionSlots, Reading, Risk
from bot.understanding.tagging import Message
from bot.understanding.words import Concept as C


def read(message: Message) -> Reading:
    """The message as kind "size"."""
    roles = message.roles
    risk, balance, used = _risk(message, roles)
    constraint, in_constraint = _constraint(message, roles)
    used |= in_constraint | {index for index, role in roles.items() if role in (C.STOP, C.TAKE_PROFIT, C.REWARD)}
    used |= _reward_parts(message.pieces, roles)
    book = book_of(
        message, frozenset(used - {index for index, role in roles.items() if role in (C.STOP, C.TAKE_PROFIT)})
    )
    slots = book.positions[0] if book.positions else PositionSlots()
    account, margin = _account(message, book, slots, balance)
    side, inferred = _side(slots, constraint)
    parsed = Parsed(
        symbol=slots.symbol,
        side=side,
        mode=slots.mode,
        entry=slots.entry,
        stop=book.stop,
        stop_distance_pct=book.stop_pct,
        take_profit=book.target,
        risk=risk,
        reward_ratio=_reward(message, roles),
        leverage=slots.leverage,
        margin=margin,
        account=account,
        constraint=constraint,
        solve=_solve(message, risk, book, constraint),
        ask=asks_of(message) or None,
        horizon_days=horizon_of(message),
        portfolio=saved_name(message) or _book_name(message),
        venue=venue_of(message),
    )
    assumed = [entry for entry in book.assumed if margin is not None or not entry.startswith("usd_amount")]
    assumed += ["side: told from the other prices"] if inferred else []
    if margin is None and slots.margin is not None:
        assumed.append(f"wallet: {slots.margin.normalize():f} taken as the wallet balance")
    missing, unit = _missing(parsed), _risk_unit(message) if risk is not None else None
    return Reading(
        kind="size", parsed=parsed, assumed=tuple(assumed), missing=missing, risk_unit=unit, contract=slots.contract
    )


def counts_coins(message: Message) -> bool:
    """Whether an amount of coins is asked: "how many sol with 1000 usdt", "how much more btc can i add"."""
    pieces = message.pieces
    for index, piece in enumerate(pieces):
        if piece.concept in (C.HOW_MANY, C.HOW_MUCH):
            after = [p for p in pieces[index + 1 : index + 4] if p.concept not in (C.MORE, C.FILLER)]
            then = after[1:2]
            acts = bool(then) and then[0].concept in (C.CAN, C.FILLER, C.ADD, C.LONG, C.SHORT, C.MONEY, None)
            if after and after[0].coin and not after[0].coin.weak and (acts or not then):
                return not message.has(C.FALL, C.RISE) or message.has(C.SURVIVE)
    return False


def _risk_unit(message: Message) -> str | None:
    """What an amount at risk was said in, None for dollars and where nothing was said: "risk 0.01 BTC"."""
    numbers = [message.pieces[index].number for index, role in message.roles.items() if role is C.RISK]
    assets = [number.asset for number in numbers if number is not None and number.unit in ("coin", "usd")]
    return next((asset for asset in assets if asset and asset not in ("USD", "USDT", "U", "$")), None)


def _reward_parts(pieces: Sequence[Piece], roles: dict[int, C]) -> set[int]:
    """The second number of "rr 1:3"."""
    firsts = [at for at, role in roles.items() if role is C.REWARD and at + 2 < len(pieces)]
    return {at + 2 for at in firsts if pieces[at + 1].text in (":", "/") and pieces[at + 2].number}


def _risk(message: Message, roles: dict[int, C]) -> tuple[Risk | None, Decimal | None, set[int]]:
    """The risk, the balance of "1% of 5000", and the numbers that they used."""
    pieces = message.pieces
    index = next((index for index, role in sorted(roles.items()) if role is C.RISK), None)
    if index is None and message.has(C.RISK):
        index = next(
            (i for i, piece in enumerate(pieces) if piece.number and piece.number.unit == "%" and i not in roles), None
        )
    number = pieces[index].number if index is not None else None
    if index is None or number is None:
        return None, None, set()
    if number.unit != "%":
        return Risk(amount=number.money()), None, {index}
    used, balance = {index}, None
    for at in range(index + 1, min(index + 6, len(pieces))):
        after = pieces[at].number
        if after is not None:
            if (
                pieces[index + 1].text in ("of", "from", "on", "de", "от")
                and after.unit in ("", "usd")
                and roles.get(at) in (None, C.BALANCE, C.ENTRY)
            ):
                balance = after.money()
                used.add(at)
            break
    return Risk(pct=number.value), balance, used


def _constraint(message: Message, roles: dict[int, C]) -> tuple[Constraint | None, set[int]]:
    """A liquidation price that must not be passed, or a move to survive; and the numbers that they used."""
    pieces, symbols = message.pieces, message.symbols
    slots: dict[str, object] = {}
    used: set[int] = set()
    for index, piece in enumerate(pieces):
        number = piece.number
        if number is None:
            continue
        concepts = _since_last_number(pieces, index)
        concepts += [piece.concept for piece in pieces[index + 1 : index + 2]]  # "a 5% drop"
        if (
            number.unit == "%"
            and (message.has(C.SURVIVE) or C.FALL in concepts)
            and C.STOP not in concepts
            and C.RISK not in concepts
        ):
            rise = message.has(C.RISE, C.SHORT) and not message.has(C.FALL)
            slots["survive_pct"] = number.signed if number.sign in ("+", "-") else number.value * (1 if rise else -1)
            used.add(index)
            if any(p.concept in (C.ALL, C.MARKET) for p in pieces):
                slots["scope"] = "ALL"
        elif (
            number.unit in ("", "usd")
            and C.LIQ in concepts
            and (roles.get(index) is C.LIQ or {C.BELOW, C.ABOVE} & set(concepts))
            and number.fits_price(symbols[index])
        ):
            over = C.ABOVE in concepts
            slots["liq_price_min" if over else "liq_price_max"] = number.price(symbols[index])
            used.add(index)
    return (Constraint.model_validate(slots) if slots else None), used


def _since_last_number(pieces: Sequence[Piece], index: int) -> list[C | None]:
    """The concepts between the number before, at most six pieces back, and this one."""
    concepts: list[C | None] = []
    for piece in reversed(pieces[max(0, index - 6) : index]):
        if piece.number:
            break
        concepts.append(piece.concept)
    return concepts


def _account(
    message: Message, book: Book, slots: PositionSlots, balance: Decimal | None
) -> tuple[AccountSlots | None, Decimal | None]:
    """The account, and the margin when it was named as such: bare money here is the balance that one has."""
    if balance is not None:
        account = book.account or AccountSlots()
        return account.model_copy(update={"balance": balance}), slots.margin
    margin_said = any(role is C.MARGIN for role in message.roles.values())
    if book.account is None and slots.margin is not None and not margin_said:
        unit = {"unit": slots.margin_unit} if slots.margin_unit and slots.margin_unit not in STABLES else {}
        return AccountSlots.model_validate({"balance": slots.margin, **unit}), None
    return book.account, slots.margin


def _side(slots: PositionSlots, constraint: Constraint | None) -> tuple[str | None, bool]:
    if slots.side:
        return slots.side, False
    if constraint is None or constraint.scope:
        return None, False
    if constraint.liq_price_min is not None:
        return "short", True
    if constraint.liq_price_max is not None:
        return "long", True
    return ("long" if (constraint.survive_pct or 0) < 0 else "short"), True


def _reward(message: Message, roles: dict[int, C]) -> Decimal | None:
    """ "rr 2", "1:3", "2r": the reward as a multiple of the risk."""
    pieces = message.pieces
    for index, role in roles.items():
        number = pieces[index].number
        if role is C.REWARD and number:
            ratio = [p.number for p in pieces[index + 1 : index + 3] if p.number]
            colon = index + 1 < len(pieces) and pieces[index + 1].text in (":", "/")
            return ratio[0].value if colon and ratio and number.value == 1 else number.value
    return None


def _solve(message: Message, risk: Risk | None, book: Book, constraint: Constraint | None) -> str | None:
    """Which unknown is wanted; unsaid when it is plainly the size that fits a risk and a stop."""
    words = message.words
    if message.has(C.MAXIMUM) and (message.has(C.LEVERAGE) or " lev" in words or " leverage" in words):
        return "leverage"
    stopless = message.has(C.STOP) and book.stop is None and book.stop_pct is None and " where " in words
    if message.has(C.STOP_ASK) or stopless:
        return "stop"
    if message.has(C.ENTRY_ASK):
        return "entry"
    if " more " in words and message.has(C.HOW_MANY, C.HOW_MUCH, C.SIZE_ASK):
        return "add_qty"
    return "qty" if constraint is not None and risk is None else None


def _book_name(message: Message) -> str | None:
    whole = message.has(C.SURVIVE) and not strong_coins(message.pieces) and message.has(C.ALL, C.ACCOUNT)
    return "current" if whole or message.has(C.BOOK) or " more " in message.words else None


def _missing(parsed: Parsed) -> tuple[str, ...]:
    """What has to be asked: a risk needs a stop, a percentage a balance, a stop price an entry."""
    lacking: list[str] = []
    whole = parsed.constraint is not None and parsed.constraint.scope is not None and parsed.symbol is None
    if parsed.symbol is None and parsed.stop_distance_pct is None and not whole:
        lacking.append("symbol")
    if parsed.side is None and not whole:
        lacking.append("side")
    if parsed.entry is None and parsed.stop is not None and parsed.solve != "entry":
        lacking.append("entry")
    if (
        parsed.stop is None
        and parsed.stop_distance_pct is None
        and parsed.constraint is None
        and parsed.solve in (None, "qty")
    ):
        lacking.append("stop")
    if parsed.risk and parsed.risk.pct is not None and parsed.account is None:
        lacking.append("balance")
    if parsed.solve == "leverage" and parsed.constraint is None and parsed.stop is None:
        lacking.append("max_probability")
    return tuple(lacking)
