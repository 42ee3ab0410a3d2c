"""Books for hypothesis: small numbers with cents, so that a failing case reads well."""

from typing import Any

from hypothesis import strategies as st

SYMBOLS = ("AAAUSDT", "BBBUSDT", "CCCUSDT")


def cents(low: int, high: int) -> st.SearchStrategy[str]:
    """A decimal string between low / 100 and high / 100."""
    return st.integers(low, high).map(lambda value: f"{value // 100}.{value % 100:02d}")


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """A marginal table with rising rates whose amounts follow from continuity."""
    rates = draw(st.lists(st.integers(1, 500), min_size=1, max_size=5, unique=True).map(sorted))
    floors = draw(
        st.lists(st.integers(1, 2000), min_size=len(rates) - 1, max_size=len(rates) - 1, unique=True).map(sorted)
    )
    return [{"floor": str(floor), "rate": f"0.{rate:03d}"} for floor, rate in zip([0, *floors], rates, strict=True)]


@st.composite
def books(draw: st.DrawFn, *, most: int = 4, modes: tuple[str, ...] = ("isolated", "cross")) -> dict[str, Any]:
    """A book that evaluates: its wallet covers every isolated margin."""
    marks = {symbol: draw(cents(1000, 30000)) for symbol in SYMBOLS}
    positions: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, most))):
        symbol, side, mode = (draw(st.sampled_from(each)) for each in (SYMBOLS, ("long", "short"), modes))
        if mode == "cross" and any(
            (p["symbol"], p["side"], p["margin_mode"]) == (symbol, side, mode) for p in positions
        ):
            continue
        entry = draw(st.integers(80, 125))
        positions.append(
            {
                "id": f"p{number}",
                "symbol": symbol,
                "side": side,
                "quantity": draw(cents(1, 1000)),
                "entry_price": f"{float(marks[symbol]) * entry / 100:.2f}",
                "mark_price": marks[symbol],
                "leverage": draw(st.sampled_from(("1", "2", "3", "10", "20"))),
                "margin_mode": mode,
            }
        )
    notional = sum(float(each["quantity"]) * float(each["entry_price"]) for each in positions)
    return {
        "venue": "generic",
        "wallet": {"USDT": f"{notional * draw(st.integers(100, 200)) / 100 + 1:.2f}"},
        "positions": positions,
        "tiers": {symbol: draw(tables()) for symbol in SYMBOLS},
        "rules": {"closing_fee_rate": draw(st.sampled_from(("0", "0.0006")))},
    }
