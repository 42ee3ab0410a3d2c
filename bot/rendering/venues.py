"""What venues are called."""

from __future__ import annotations

from margin_engine import known_venues, preset_of

_OTHERS = {"bitget": "Bitget", "mexc": "MEXC", "kucoin": "KuCoin", "bingx": "BingX"}
"""Venues that people name and whose rules are not known here."""


def titles() -> dict[str, str]:
    """The titles of the venues that can be chosen, by their names."""
    return {name: preset_of(name).title for name in known_venues() if name != "generic"}


def title_of(venue: str) -> str:
    """A venue's name as people know it; a name that is not the engine's as it stands."""
    if venue in known_venues():
        return preset_of(venue).title.replace("-", "‑")
    return _OTHERS.get(venue, venue)
