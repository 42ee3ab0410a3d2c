"""What a person's settings say where a question says nothing. All pure."""

from __future__ import annotations

from bot.services.question import Question
from bot.storage.person_settings import PersonSettings
from bot.understanding.figures import FEES


def with_settings(question: Question, settings: PersonSettings, *, private: bool) -> Question:
    """The question with the venue, mode, wallet and fee of the settings wherever neither it nor the portfolio has one.

    Arguments: private, whether nobody else reads along; a wallet balance stays out of groups. What was taken is marked
    as taken from the settings, so that the answer lists it as assumed.
    """
    update: dict[str, object] = {}
    if question.venue is None and settings.venue is not None:
        update |= {"venue": settings.venue, "venue_from": "settings"}
    if settings.mode is not None and all(leg.mode is None for leg in question.legs):
        legs = tuple(leg.model_copy(update={"mode": settings.mode}) for leg in question.legs)
        update |= {"legs": legs, "mode_from": "settings"}
    if private and _lacks_wallet(question) and settings.wallet is not None:
        update |= {"wallet": settings.wallet, "wallet_from": "settings"}
    if question.fee_rate is None and settings.taker_fee is not None:
        update |= {"fee_rate": settings.taker_fee or None, "fee_from": "settings"}
        update["unread"] = tuple(each for each in question.unread if each != FEES)
    return question.model_copy(update=update) if update else question


def _lacks_wallet(question: Question) -> bool:
    """Whether an amount of dollars can be the wallet that was not said: not that of contracts settled in coins."""
    in_coins = any(leg.contract in ("inverse", "quanto") or leg.margin_asset for leg in question.legs)
    return question.wallet is None and not question.assets and not in_coins


def without_preferences(question: Question) -> Question:
    """The question as it was said: without what came from somebody's settings or portfolio, or from a group's venue."""
    update: dict[str, object] = {}
    if question.wallet_from != "said":
        update |= {"wallet": None, "wallet_asset": None, "wallet_from": "said"}
    if question.venue_from != "said":
        update |= {"venue": None, "venue_from": "said"}
    if question.mode_from != "said":
        legs = tuple(leg.model_copy(update={"mode": None}) for leg in question.legs)
        update |= {"legs": legs, "mode_from": "said"}
    if question.fee_from != "said":
        update |= {"fee_rate": None, "fee_from": "said"}
    return question.model_copy(update=update) if update else question


def with_group_venue(question: Question, venue: str | None) -> Question:
    """The question with the venue that its group has set, where it names none."""
    if venue is None or question.venue is not None:
        return question
    return question.model_copy(update={"venue": venue, "venue_from": "group"})
