"""Sources as people know them; the keys are those of docs/sources.md."""

from __future__ import annotations

from typing import Final

from bot.rendering.words import Words

_TITLES: Final[dict[str, str]] = {
    "alphapoint-blog": "source.alphapoint_blog",
    "binance-errors": "source.binance_errors",
    "binance-liquidation-faq": "source.binance_liquidation_faq",
    "binance-usdm-tiers": "source.binance_usdm_tiers",
    "bitmex-faq": "source.bitmex_faq",
    "bitmex-liquidation-examples": "source.bitmex_liquidation_examples",
    "bybit-account-mode": "source.bybit_account_mode",
    "bybit-cross-trading-rules": "source.bybit_cross_trading_rules",
    "bybit-liquidation-help": "source.bybit_liquidation_help",
    "definition": "source.definition",
    "dydx-docs": "source.dydx_docs",
    "gate-margin-page": "source.gate_margin_page",
    "general-knowledge": "source.general_knowledge",
    "hyperliquid-docs": "source.hyperliquid_docs",
    "kraken-multi-collateral": "source.kraken_multi_collateral",
    "margex-page": "source.margex_page",
    "okx-errors": "source.okx_errors",
    "okx-liquidation-help": "source.okx_liquidation_help",
    "primexbt-help": "source.primexbt_help",
}


def source_title(source: str, words: Words) -> str:
    """The title of a source; one that has none yet by its key in docs/sources.md."""
    return words.label(_TITLES[source]) if source in _TITLES else source
