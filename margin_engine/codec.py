"""JSON in and out. Reading is strict: what is not exactly the documented form is refused with its JSON path.

Numbers travel as decimal strings without exponent, at most 30 digits on a side; answers are written with at most 34
significant digits.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from margin_engine.model.book import Book, Collateral, LiquidationProcess, MarginMode, Position, Rules, Side
from margin_engine.model.contracts import Contract, ContractKind
from margin_engine.model.decimals import ZERO, plain
from margin_engine.model.derivation import Step
from margin_engine.model.errors import InvalidValue, MalformedInput
from margin_engine.model.tiers import Tier, TierMethod, TierTable
from margin_engine.questions.comparison import Comparison, Difference
from margin_engine.questions.results import Evaluation, PoolHealth, PositionHealth
from margin_engine.questions.shocks import Liquidation
from margin_engine.questions.what_if import Death, MarketPath, WhatIf

MAX_BYTES = 1024 * 1024
ROOT = "$"

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_NUMBER_RULE = 'must be a decimal string such as "0.5", at most 30 digits on a side'

_Choice = TypeVar("_Choice", bound=Enum)
_Value = TypeVar("_Value")


class _Number:
    """A JSON number as it stood in the text. Nowhere is one allowed; kept so that its place can be named."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return f"the JSON number {self.text}"


class _RepeatedKey(dict[str, object]):
    """An object that names a key twice."""

    key = ""


def read_book(source: str | bytes | Mapping[str, Any]) -> Book:
    """The book in a JSON text of at most 1 MiB, or in an object of the same form.

    Raises MalformedInput for a wrong form, and whatever Book refuses.
    """
    data = _parse(source) if isinstance(source, (str, bytes)) else dict(source)
    fields = _object(data, "", _BOOK)
    return Book(
        venue=_text(fields.get("venue", "binance-usdm"), "venue"),
        wallet=_mapping(fields.get("wallet", {}), "wallet", _decimal),
        positions=tuple(_list(fields.get("positions", []), "positions", _position)),
        asset_mode=_choice_of(fields.get("asset_mode", "single"), "asset_mode", ("single", "multi")),
        collateral=_mapping(fields.get("collateral", {}), "collateral", _collateral),
        tiers=_mapping(fields.get("tiers", {}), "tiers", _table),
        rules=_rules(fields["rules"]) if "rules" in fields else None,
        betas=_mapping(fields.get("betas", {}), "betas", _decimal),
        shocks=_mapping(fields.get("shocks", {}), "shocks", _decimal),
    )


def write_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    """The answer of `evaluate` as JSON objects."""
    return {
        "venue": evaluation.venue,
        "tiers_as_of": evaluation.tiers_as_of,
        "assumptions": list(evaluation.assumptions),
        "positions": [_written(position, _POSITION_FIELDS) for position in evaluation.positions],
        "pools": [_written(pool, _POOL_FIELDS) for pool in evaluation.pools],
        "derivation": [_written(step, _STEP_FIELDS) for step in evaluation.derivation],
    }


def write_comparison(comparison: Comparison) -> dict[str, Any]:
    """The answer of `compare` as JSON objects."""
    return {
        "as_given": write_evaluation(comparison.as_given),
        "as_given_reason": comparison.as_given_reason,
        "isolated": write_evaluation(comparison.isolated) if comparison.isolated else None,
        "isolated_reason": comparison.isolated_reason,
        "cross": write_evaluation(comparison.cross) if comparison.cross else None,
        "cross_reason": comparison.cross_reason,
        "differences": [_written(difference, _DIFFERENCE_FIELDS) for difference in comparison.differences],
    }


def write_what_if(answer: WhatIf) -> dict[str, Any]:
    """The answer of `whatif` as JSON objects."""
    return {
        "before": write_evaluation(answer.before),
        "after": write_evaluation(answer.after),
        "liquidated": [_written(death, _LIQUIDATION_FIELDS) for death in answer.liquidated],
        "equity_before": {asset: plain(amount) for asset, amount in answer.equity_before.items()},
        "equity_after": {asset: plain(amount) for asset, amount in answer.equity_after.items()},
    }


def write_path(answer: MarketPath) -> dict[str, Any]:
    """The answer of `path` as JSON objects."""
    return {
        "fall": [_written(death, _DEATH_FIELDS) for death in answer.fall],
        "rise": [_written(death, _DEATH_FIELDS) for death in answer.rise],
    }


def _fields_of(result: type, *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(name for name in result.__dataclass_fields__ if name not in without)  # type: ignore[attr-defined]


_POSITION_FIELDS = _fields_of(PositionHealth, without=("pool_id",))
_POOL_FIELDS = _fields_of(PoolHealth)
_STEP_FIELDS = _fields_of(Step, without=("subject", "label"))
_DIFFERENCE_FIELDS = _fields_of(Difference)
_LIQUIDATION_FIELDS = _fields_of(Liquidation)
_DEATH_FIELDS = _fields_of(Death)


def _written(result: object, fields: Iterable[str]) -> dict[str, Any]:
    return {name: _written_value(getattr(result, name)) for name in fields}


def _written_value(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _parse(source: str | bytes) -> object:
    raw = source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source
    if len(raw) > MAX_BYTES:
        raise MalformedInput(field=ROOT, value=f"{len(raw)} bytes", rule=f"must be at most {MAX_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
        return json.loads(
            text, object_pairs_hook=_pairs, parse_int=_Number, parse_float=_Number, parse_constant=_Number
        )
    except UnicodeDecodeError as error:
        raise MalformedInput(field=ROOT, value=f"byte {error.start} that is not", rule="must be UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise MalformedInput(field=ROOT, value=f"{error.msg} at {place}", rule="must be one JSON object") from None
    except RecursionError:
        raise MalformedInput(field=ROOT, value="deeply nested text", rule="must not nest deeply") from None


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = _RepeatedKey(found)
    counts = Counter(name for name, _ in pairs)
    repeated.key = next(name for name, count in counts.items() if count > 1)
    return repeated


def _inside(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _object(value: object, path: str, known: tuple[str, ...] | None) -> dict[str, object]:
    """An object without repeated keys and, where the fields are known, without any other."""
    if not isinstance(value, dict):
        raise MalformedInput(field=path or ROOT, value=_described(value), rule="must be an object")
    if isinstance(value, _RepeatedKey):
        raise MalformedInput(field=_inside(path, value.key), value="it again", rule="must be given once")
    for name in value:
        if not isinstance(name, str) or not name:
            raise MalformedInput(field=path or ROOT, value=repr(name), rule="must have names that are not empty")
        if known is not None and name not in known:
            rule = f"is not a field here; must be one of {', '.join(known)}"
            raise MalformedInput(field=_inside(path, name), value=name, rule=rule)
    return value


def _mapping(value: object, path: str, read: Callable[[object, str], _Value]) -> dict[str, _Value]:
    return {name: read(item, _inside(path, name)) for name, item in _object(value, path, None).items()}


def _list(value: object, path: str, read: Callable[[object, str], _Value]) -> list[_Value]:
    if not isinstance(value, list):
        raise MalformedInput(field=path, value=_described(value), rule="must be a list")
    return [read(item, f"{path}[{index}]") for index, item in enumerate(value)]


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise MalformedInput(field=path, value=_described(value), rule="must be a string")
    return value


def _decimal(value: object, path: str) -> Decimal:
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise MalformedInput(field=path, value=_described(value), rule=_NUMBER_RULE)
    return Decimal(value) or ZERO


def _choice_of(value: object, path: str, names: tuple[str, ...]) -> str:
    if value not in names or not isinstance(value, str):
        raise InvalidValue(field=path, value=_described(value), rule=f"must be one of {', '.join(names)}")
    return value


def _choice(kind: type[_Choice]) -> Callable[[object, str], _Choice]:
    names = tuple(str(member.value) for member in kind)
    return lambda value, path: kind(_choice_of(value, path, names))


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedInput(field=path, value=_described(value), rule="must be true or false")
    return value


def _described(value: object) -> str:
    if isinstance(value, str):
        return value or '""'
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return f"the JSON number {value}"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return str(value)


def _read_fields(
    value: object, path: str, readers: Mapping[str, Callable[[object, str], object]], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The fields of an object that are there, each read; those that are required must be."""
    fields = _object(value, path, tuple(readers))
    for name in required:
        if name not in fields:
            raise MalformedInput(field=_inside(path, name), value="nothing", rule="must be given")
    return {name: readers[name](item, _inside(path, name)) for name, item in fields.items()}


def _contract(value: object, path: str) -> Contract:
    return Contract(**_read_fields(value, path, _CONTRACT))


def _position(value: object, path: str) -> Position:
    return Position(**_read_fields(value, path, _POSITION, _POSITION_REQUIRED))


def _tier(value: object, path: str) -> Tier:
    return Tier(**_read_fields(value, path, _TIER, ("floor", "rate")))


def _table(value: object, path: str) -> TierTable:
    return TierTable(tuple(_list(value, path, _tier)))


def _rules(value: object) -> Rules:
    return Rules(**_read_fields(value, "rules", _RULES))


def _collateral(value: object, path: str) -> Collateral:
    return Collateral(**_read_fields(value, path, {"price": _decimal, "haircut": _decimal}, ("price",)))


_BOOK = ("venue", "wallet", "asset_mode", "collateral", "positions", "tiers", "rules", "shocks", "betas")
_CONTRACT = {"kind": _choice(ContractKind), "multiplier": _decimal, "settle_asset": _text}
_TIER = {"floor": _decimal, "rate": _decimal, "amount": _decimal, "max_leverage": _decimal}
_RULES = {
    "closing_fee_rate": _decimal,
    "tier_method": _choice(TierMethod),
    "liquidation_process": _choice(LiquidationProcess),
    "others_profit_counts": _truth,
    "fee_to_close_rate": _decimal,
}
_POSITION = {
    "id": _text,
    "symbol": _text,
    "side": _choice(Side),
    "quantity": _decimal,
    "entry_price": _decimal,
    "mark_price": _decimal,
    "leverage": _decimal,
    "margin_mode": _choice(MarginMode),
    "isolated_margin": _decimal,
    "contract": _contract,
}
_POSITION_REQUIRED = ("id", "symbol", "side", "quantity", "entry_price", "leverage", "margin_mode")
