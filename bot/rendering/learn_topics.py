"""What can be learnt: every topic with its words, in sections. The numbers in the words are the engine's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

OwnKind = Literal["nearest", "stake", "ratio", "switch"]
"""Which of a person's own numbers belongs to a topic: the nearest liquidation, what is at stake in both modes, the
margin ratio, the other mode's price."""

StoryName = Literal["apart", "crash", "hundred", "hedge", "three"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: its title, its short answer and what stands behind More, as keys of the catalogue."""

    name: str
    title: str
    short: str
    deep: str
    own: OwnKind | None = None
    story: StoryName | None = None
    source: str = ""
    """Of a rule that the words rest on: a key of docs/sources.md."""
    example: bool = True
    """Whether the words speak of the one example, long 0.5 BTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Topics that belong together; a topic may stand in several."""

    name: str
    title: str
    topics: tuple[str, ...]


def _topic(
    title: str,
    short: str,
    deep: str,
    *,
    own: OwnKind | None = None,
    story: StoryName | None = None,
    source: str = "",
    example: bool = True,
) -> Topic:
    name = title.partition(".")[2]
    return Topic(name=name, title=title, short=short, deep=deep, own=own, story=story, source=source, example=example)


_ALL: Final = (
    _topic(
        "topic.isolated_definition", "short.isolated_definition", "deep.isolated_definition", own="stake", story="apart"
    ),
    _topic(
        "topic.cross_collateral_scope",
        "short.cross_collateral_scope",
        "deep.cross_collateral_scope",
        own="stake",
        story="crash",
        source="bybit-cross-trading-rules",
    ),
    _topic("topic.max_loss_isolated", "short.max_loss_isolated", "deep.max_loss_isolated", own="stake", story="apart"),
    _topic("topic.is_isolated_safer", "short.is_isolated_safer", "deep.is_isolated_safer", own="stake", story="three"),
    _topic("topic.mode_choice_beginner", "short.mode_choice_beginner", "deep.mode_choice_beginner", own="stake"),
    _topic(
        "topic.mode_choice_high_leverage",
        "short.mode_choice_high_leverage",
        "deep.mode_choice_high_leverage",
        own="nearest",
        story="hundred",
    ),
    _topic("topic.low_leverage", "short.low_leverage", "deep.low_leverage", own="nearest"),
    _topic("topic.pros_use", "short.pros_use", "deep.pros_use", own="stake", story="hedge"),
    _topic("topic.liquidation_price", "short.liquidation_price", "deep.liquidation_price", own="nearest"),
    _topic("topic.mark_price", "short.mark_price", "deep.mark_price", own="nearest", example=False),
    _topic("topic.maintenance_margin", "short.maintenance_margin", "deep.maintenance_margin", own="ratio"),
    _topic(
        "topic.maintenance_tiers",
        "short.maintenance_tiers",
        "deep.maintenance_tiers",
        own="ratio",
        source="binance-usdm-tiers",
    ),
    _topic(
        "topic.cross_liquidation_chance",
        "short.cross_liquidation_chance",
        "deep.cross_liquidation_chance",
        own="nearest",
        story="crash",
    ),
    _topic(
        "topic.cross_liquidation_process",
        "short.cross_liquidation_process",
        "deep.cross_liquidation_process",
        own="stake",
        story="three",
    ),
    _topic(
        "topic.partial_liquidation",
        "short.partial_liquidation",
        "deep.partial_liquidation",
        own="ratio",
        source="okx-liquidation-help",
        example=False,
    ),
    _topic(
        "topic.rest_of_margin",
        "short.rest_of_margin",
        "deep.rest_of_margin",
        own="nearest",
        source="bitmex-liquidation-examples",
    ),
    _topic("topic.no_liq_price", "short.no_liq_price", "deep.no_liq_price", own="nearest"),
    _topic("topic.liq_beyond_entry", "short.liq_beyond_entry", "deep.liq_beyond_entry", own="nearest"),
    _topic(
        "topic.funding_effect",
        "short.funding_effect",
        "deep.funding_effect",
        own="nearest",
        source="binance-liquidation-faq",
    ),
    _topic(
        "topic.leverage_in_cross",
        "short.leverage_in_cross",
        "deep.leverage_in_cross",
        own="nearest",
        source="binance-liquidation-faq",
    ),
    _topic(
        "topic.cross_other_positions",
        "short.cross_other_positions",
        "deep.cross_other_positions",
        own="nearest",
        story="hedge",
        source="binance-liquidation-faq",
    ),
    _topic(
        "topic.cross_account_liquidation",
        "short.cross_account_liquidation",
        "deep.cross_account_liquidation",
        own="stake",
        story="three",
    ),
    _topic("topic.margin_to_open", "short.margin_to_open", "deep.margin_to_open", own="stake", source="margex-page"),
    _topic(
        "topic.hedge_mode", "short.hedge_mode", "deep.hedge_mode", own="nearest", story="hedge", source="binance-errors"
    ),
    _topic("topic.auto_margin_replenish", "short.auto_margin_replenish", "deep.auto_margin_replenish", own="nearest"),
    _topic("topic.inverse_convexity", "short.inverse_convexity", "deep.inverse_convexity", story="crash"),
    _topic("topic.portfolio_margin", "short.portfolio_margin", "deep.portfolio_margin", example=False),
    _topic("topic.mode_switch", "short.mode_switch", "deep.mode_switch", own="switch"),
    _topic("topic.venue_mode_scope", "short.venue_mode_scope", "deep.venue_mode_scope", example=False),
    _topic(
        "topic.venue_mismatch",
        "short.venue_mismatch",
        "deep.venue_mismatch",
        own="nearest",
        source="bybit-liquidation-help",
    ),
    _topic("topic.mark_vs_last_or_cross", "short.mark_vs_last_or_cross", "deep.mark_vs_last_or_cross", own="nearest"),
    _topic("topic.data_sources", "short.data_sources", "deep.data_sources", source="binance-usdm-tiers", example=False),
    _topic("topic.steps", "short.steps", "deep.steps"),
    _topic("topic.probability_method", "short.probability_method", "deep.probability_method", example=False),
)

TOPICS: Final[Mapping[str, Topic]] = {topic.name: topic for topic in _ALL}
"""By the name that a reading gives; "quiz_start" is none of them, it begins the quiz."""

SECTIONS: Final = (
    Section(
        name="modes",
        title="learn.modes",
        topics=(
            "isolated_definition",
            "cross_collateral_scope",
            "max_loss_isolated",
            "is_isolated_safer",
            "mode_choice_beginner",
            "mode_choice_high_leverage",
            "low_leverage",
            "pros_use",
        ),
    ),
    Section(
        name="liquidation",
        title="learn.liquidation",
        topics=(
            "liquidation_price",
            "mark_price",
            "maintenance_margin",
            "maintenance_tiers",
            "cross_liquidation_chance",
            "cross_liquidation_process",
            "partial_liquidation",
            "rest_of_margin",
            "no_liq_price",
            "liq_beyond_entry",
            "funding_effect",
        ),
    ),
    Section(
        name="account",
        title="learn.account",
        topics=(
            "leverage_in_cross",
            "cross_other_positions",
            "cross_account_liquidation",
            "margin_to_open",
            "hedge_mode",
            "auto_margin_replenish",
            "inverse_convexity",
            "portfolio_margin",
        ),
    ),
    Section(
        name="venues",
        title="learn.venues",
        topics=(
            "mode_switch",
            "venue_mode_scope",
            "venue_mismatch",
            "mark_vs_last_or_cross",
            "data_sources",
            "steps",
            "probability_method",
        ),
    ),
    Section(
        name="wrong",
        title="learn.wrong",
        topics=("mode_switch", "leverage_in_cross", "cross_other_positions", "margin_to_open"),
    ),
    Section(
        name="asked",
        title="learn.asked",
        topics=(
            "mode_switch",
            "cross_liquidation_chance",
            "is_isolated_safer",
            "pros_use",
            "low_leverage",
            "cross_liquidation_process",
            "rest_of_margin",
            "venue_mismatch",
        ),
    ),
)

PAGES: Final = {"words": "words.text", "table": "table.text", "voices": "voices.text"}
"""Pages of one text."""

STORIES: Final[Mapping[StoryName, str]] = {
    "apart": "storytitle.apart",
    "crash": "storytitle.crash",
    "hundred": "storytitle.hundred",
    "hedge": "storytitle.hedge",
    "three": "storytitle.three",
}
