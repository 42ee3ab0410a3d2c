"""The pages that are made from data: what was verified, and what each venue brings along.

    python -m tests.margin_engine.pages        writes docs/verification.md (its first part) and docs/venues.md

A test compares the pages with what is made here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from margin_engine import Rules, evaluate, read_book, symbols, write_evaluation
from margin_engine.venues.catalogue import Preset, catalogue
from margin_engine.venues.presets import listing

GOLDEN = Path(__file__).parent / "golden" / "published.json"
DOCS = Path(__file__).parents[2] / "docs"
VERIFICATION, VENUES = DOCS / "verification.md", DOCS / "venues.md"
END = "<!-- made from data up to here -->\n"
# From what proves a venue's rule to what proves only the algebra.
EVIDENCE = {
    "real exchange response": "Real answers of exchanges",
    "published example": "Worked examples that a venue published",
    "doc sample": "Samples in documentation",
    "doc-like fixture": "Test data made to look like an answer",
    "test": "Other projects' unit tests (they prove the algebra, not the venue)",
}
PROOF = ("real exchange response", "published example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure beside the engine's own. tolerance: relative, the source's rounding."""

    item: dict[str, Any]
    path: str
    published: str | None
    found: str | None
    tolerance: Decimal

    @property
    def agrees(self) -> bool:
        """Whether the two are equal within the tolerance, or both say that there is none."""
        if self.published is None or self.found is None:
            return self.published == self.found
        published = Decimal(self.published)
        return abs(Decimal(self.found) - published) <= self.tolerance * abs(published)


def items() -> list[dict[str, Any]]:
    """Every published item."""
    loaded: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["items"]
    return loaded


def figures(item: dict[str, Any]) -> Iterator[Figure]:
    """An item's figures, each asked of the engine."""
    answer = write_evaluation(evaluate(read_book(item["book"])))
    for path, published in item["expected"].items():
        section, identity, field = path.split(".")
        found = next(each for each in answer[section] if each["id"] == identity)[field]
        given = item["tolerance"]
        tolerance = Decimal(str(given[path] if isinstance(given, dict) else given))
        yield Figure(item=item, path=path, published=published, found=found, tolerance=tolerance)


def verification() -> str:
    """The part of docs/verification.md that is made from the published figures."""
    asked = [figure for item in items() for figure in figures(item)]
    lines = ["# Verification", "", "## Figures that others published or measured", ""]
    lines += [
        "Each is a book in `tests/margin_engine/golden/published.json`, asked of the engine by the tests. Tolerances",
        "are the sources' own rounding. An item that was *fitted* (a rate or a mark was chosen so that its sample",
        "comes out) must agree, and is not counted as proof of the venue's rule; nor are other projects' tests.",
        "",
        "| evidence | items | agree | of these fitted | counted as proof |",
        "|---|---|---|---|---|",
    ]
    lines += [_counted(kind, [figure for figure in asked if figure.item["evidence"] == kind]) for kind in EVIDENCE]
    lines += ["", "What does not agree:", "", *(_differing(asked) or ["Nothing."])]
    for kind, title in EVIDENCE.items():
        lines += ["", f"### {title}", "", "| item | at | figure | published | engine | tolerance | agrees | remarks |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        lines += [_row(figure) for figure in asked if figure.item["evidence"] == kind]
    return "\n".join([*lines, "", END])


def _counted(kind: str, asked: list[Figure]) -> str:
    identities = {figure.item["id"] for figure in asked}
    agreeing = identities - {figure.item["id"] for figure in asked if not figure.agrees}
    fitted = {figure.item["id"] for figure in asked if figure.item["fitted_from_sample"]}
    proof = len(agreeing - fitted) if kind in PROOF else 0
    return f"| {EVIDENCE[kind]} | {len(identities)} | {len(agreeing)} | {len(agreeing & fitted)} | {proof} |"


def _differing(asked: list[Figure]) -> list[str]:
    return [
        f"- {figure.item['id']}, {figure.path}: published {figure.published}, engine {_short(figure.found)}"
        for figure in asked
        if not figure.agrees
    ]


def _row(figure: Figure) -> str:
    item = figure.item
    remarks = [item["derived"]] if item["derived"] else []
    remarks += [f"fitted: {', '.join(item['fitted_from_sample'])}"] if item["fitted_from_sample"] else []
    cells = (
        item["id"],
        item["venue"],
        figure.path,
        figure.published or "none",
        _short(figure.found),
        format(figure.tolerance, "f"),
        "yes" if figure.agrees else "**no**",
        "; ".join([*remarks, item["source"]]),
    )
    return f"| {' | '.join(cells)} |"


def _short(number: str | None) -> str:
    """A figure with the 12 digits that the engine answers for."""
    return "none" if number is None else format(Decimal(f"{Decimal(number):.12g}").normalize(), "f")


def venues() -> str:
    """docs/venues.md."""
    lines = ["# Venues", ""]
    lines += [
        "What each preset applies, and what it only names in an answer's `assumptions`. Keys in brackets lead to",
        "[sources](sources.md). Unknown is said as unknown.",
    ]
    for preset in catalogue().values():
        lines += ["", *_venue(preset)]
    return "\n".join([*lines, ""])


def _venue(preset: Preset) -> Iterator[str]:
    source = {slot: f" [{key}]" for slot, key in preset.sources.items()}
    modes = ", ".join(f"{mode}{' (default)' if mode is preset.default_mode else ''}" for mode in preset.margin_modes)
    switching = preset.switching
    yield f"## {preset.title} (`{preset.name}`)"
    yield ""
    yield f"- Modes: {modes}{source['margin_modes']}"
    yield f"- Mode set by: {switching.scope or 'unknown'}"
    yield f"- Mode changed with a position: {_said(switching.with_position)}"
    yield f"- Mode changed with open orders: {_said(switching.with_orders)}"
    yield f"- Rule: {switching.rule} [{switching.source}]"
    yield f"- Trigger: {preset.trigger_price or 'unknown'}{source.get('trigger_price', '')}"
    yield f"- Highest leverage: {preset.max_leverage or 'unknown'}{source.get('max_leverage', '')}"
    yield (
        f"- Fees: taker {_percent(preset.taker_fee)}{source.get('taker_fee', '')}, "
        f"maker {_percent(preset.maker_fee)}{source.get('maker_fee', '')}"
    )
    rounding = source.get("rounds_toward_mark", "")
    yield f"- Shown prices rounded toward the mark: {_said(preset.rounds_toward_mark)}{rounding}"
    yield f"- Tables: {_tables(preset)}"
    yield f"- Applied: {_applied(preset, source)}"
    yield from ["- Only named:", *(f"    - {note} [{note.source}]" for note in preset.noted)] if preset.noted else []


def _tables(preset: Preset) -> str:
    if preset.assumed:
        return (
            f"none; a rate of {preset.assumed.tier.rate} is assumed: {preset.assumed.reason} [{preset.assumed.source}]"
        )
    names = symbols(preset.name)
    found = [table for name in names if (table := listing(preset.name, name))]
    if not found:
        return "none: a book must state `tiers`"
    dates = sorted({table.as_of or "undated" for table in found})
    which = ", ".join(names) if len(names) < 50 else f"{len(names)} symbols"
    return f"{which}; {', '.join(dates)} [{', '.join(sorted({table.source for table in found}))}]"


def _applied(preset: Preset, source: dict[str, str]) -> str:
    plain = Rules()
    own = [
        f"`{slot}` {str(value).lower()}{source[f'rules.{slot}']}"
        for slot in ("closing_fee_rate", "tier_method", "others_profit_counts", "fee_to_close_rate")
        if (value := getattr(preset.rules, slot)) != getattr(plain, slot)
    ]
    return ", ".join(own) or f"the plain rules{source['rules']}"


def _said(known: bool | None) -> str:
    return "unknown" if known is None else "yes" if known else "no"


def _percent(fee: Decimal | None) -> str:
    return "unknown" if fee is None else f"{(fee * 100).normalize():f} %"


def made_part(page: Path) -> str:
    """What stands on a page up to the end of its made part."""
    text = page.read_text(encoding="utf-8")
    return text.partition(END)[0] + END if END in text else text


if __name__ == "__main__":
    kept = VERIFICATION.read_text(encoding="utf-8").partition(END)[2] if VERIFICATION.exists() else ""
    VERIFICATION.write_text(verification() + kept, encoding="utf-8")
    VENUES.write_text(venues(), encoding="utf-8")
