"""Mistakes: each with its number and the step that mends it, quiet where there is nothing, private in groups."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.dialogue import Chat, Tap
from bot.rendering.mistakes_screen import FACTS, OPENS, STEPS, MistakeView, mistake_lines, mistakes_block, mistakes_row
from bot.rendering.verdict import Tongue
from bot.rendering.views import LegView
from bot.services.daily_moves import daily_moves
from bot.services.noticing import DAYS_WANTED, THRESHOLDS, URGENCY, Told, noticed, worst_first
from bot.services.subject import Subject, subject_of_portfolio
from bot.storage.portfolios import Mark, Portfolio
from margin_engine import Mistake, Side, evaluate
from margin_engine.questions.change_kinds import AddMargin
from margin_engine.questions.changes import apply
from tests.bot.flows.books import THREE, account, saved, talk_with
from tests.bot.flows.talk import BOB, NOON, Talk

TONGUE = Tongue.of("en")
GROUP = Chat(id=-5, kind="supergroup")


def found(portfolio: Portfolio, told: Told | None = None) -> dict[Mistake, MistakeView]:
    subject = subject_of_portfolio(portfolio, now=NOON)
    return {view.mistake: view for view in noticed(subject, told or Told())}


def words_of(view: MistakeView) -> str:
    return str(mistake_lines(view, TONGUE))


# --- What is found -------------------------------------------------------------------------------------------------


def test_a_sound_account_is_left_in_peace() -> None:
    sound = account(saved("BTC", "long", "0.01", "64000", "5", "isolated"))
    assert found(sound) == {}
    assert mistakes_block((), TONGUE) == ""
    assert mistakes_row((), TONGUE) == ()


def test_high_leverage_in_cross_names_what_stands_behind_it() -> None:
    view = found(THREE)[Mistake.CROSS_WITH_HIGH_LEVERAGE]
    # 0.1 x 64,000 / 25 = 256
    assert words_of(view).startswith("BTC long has 25x in cross: the account only delays its loss. 5,000 USDT stand")
    assert "isolated it would be 256" in words_of(view)


def test_a_liquidation_within_a_usual_day_names_the_margin_that_mends_it() -> None:
    portfolio = account(saved("BTC", "long", "0.1", "64000", "50", "isolated"))
    view = found(portfolio)[Mistake.LIQUIDATION_WITHIN_A_DAY]
    book = subject_of_portfolio(portfolio, now=NOON).as_it_stands
    assert book is not None
    mended = evaluate(apply(book, (AddMargin(id="BTC-long", amount=view.numbers["add"]),))).positions[0]
    assert mended.distance is not None
    assert round(mended.distance, 9) == round(-daily_moves()["BTCUSDT"] * DAYS_WANTED, 9)
    assert "more margin puts it 2 such days away" in words_of(view)


def test_a_coin_whose_usual_move_is_not_known_is_not_guessed() -> None:
    unknown = account(saved("1INCH", "long", "10", "0.3", "50", "isolated"))
    assert Mistake.LIQUIDATION_WITHIN_A_DAY not in found(unknown)


def test_several_positions_that_are_one_bet_are_named_together() -> None:
    bet = account(
        saved("BTC", "long", "0.01", "64000", "5", "cross"), saved("ETH", "long", "0.2", "3200", "5", "cross")
    )
    view = found(bet)[Mistake.ONE_BET]
    assert words_of(view).startswith("BTC long, ETH long are one bet: 100.0% of their value moves the same way.")


def test_most_of_the_account_in_one_position_says_how_much_less_would_do() -> None:
    large = account(saved("BTC", "long", "0.5", "64000", "5", "cross"), wallet="8000")
    view = found(large)[Mistake.POSITION_IS_THE_ACCOUNT]
    # 6,400 of 8,000 are 80 %; 0.5 x (1 - 0.5 / 0.8) = 0.1875
    assert view.numbers["close"] == Decimal("0.1875")
    assert "80.0% of the account" in words_of(view)


def test_an_account_whose_wallet_nobody_told_is_not_taken_for_one_position() -> None:
    portfolio = account(saved("BTC", "long", "0.5", "64000", "5", "isolated"), wallet=None)
    assert Mistake.POSITION_IS_THE_ACCOUNT not in found(portfolio)


def test_the_leverage_limit_is_told_apart_from_the_next_rung() -> None:
    edge = account(saved("DOGE", "long", "10", "0.2", "70", "isolated"))
    rung = account(saved("BTC", "long", "4.4", "64000", "150", "isolated"), wallet="20000")
    assert "uses 70x of the 75x that its size allows" in words_of(found(edge)[Mistake.LEVERAGE_AT_THE_LIMIT])
    assert "from 300,000 on the limit falls to 100x" in words_of(found(rung)[Mistake.LEVERAGE_AT_THE_LIMIT])


def test_what_no_book_tells_is_said_only_when_the_person_told_it() -> None:
    isolated = account(saved("BTC", "long", "0.01", "64000", "5", "isolated"))
    assert Mistake.ISOLATED_UNATTENDED in found(isolated, Told(unattended=True))
    assert Mistake.ISOLATED_UNATTENDED not in found(isolated)
    assert Mistake.CROSS_TAKEN_FOR_SAFER in found(THREE, Told(thinks_cross_safer=True))
    assert Mistake.CROSS_TAKEN_FOR_SAFER not in found(THREE)


def test_cross_taken_for_safer_is_one_finding_for_the_pool() -> None:
    view = found(THREE, Told(thinks_cross_safer=True))[Mistake.CROSS_TAKEN_FOR_SAFER]
    assert len(view.legs) == 3
    # 256 + 320 + 600
    assert "5,000 USDT are at stake, isolated it would be 1,176" in words_of(view)


def test_a_switch_that_would_be_crossed_at_once_is_named() -> None:
    held = account(saved("BTC", "long", "0.1", "64000", "25", "cross"))
    fallen = held.model_copy(update={"marks": {"BTCUSDT": Mark(price=Decimal(61_000), given_at=NOON)}})
    view = found(fallen, Told(switching=("BTC-long",)))[Mistake.SWITCH_CROSSED_AT_ONCE]
    assert "would be liquidated by the switch itself" in words_of(view)


def test_a_stop_beyond_the_liquidation_is_named_with_the_margin_that_mends_it() -> None:
    shown = Talk().command("check", "long 0.1 btc 64k 20x isolated stop 60000")
    assert "BTC long: the stop at 60,000.0 lies beyond the liquidation, so it never comes." in shown
    # the margin for which (6,400 - W) / (0.1 x 0.996) = 60,000 is 424, of which 320 are there
    assert "→ 104 USDT more margin, or a nearer stop." in shown
    assert "never comes" not in Talk().command("check", "long 0.1 btc 64k 20x isolated stop 62000")


def test_every_mistake_has_its_words_its_step_and_its_place() -> None:
    assert set(FACTS) == set(STEPS) == set(OPENS) == set(URGENCY) == set(Mistake)
    leg = LegView(coin="BTC", side="long", leverage=Decimal(20), tick=Decimal("0.1"))
    names = (
        "leverage", "limit", "at_stake", "isolated_at_stake", "distance", "liquidation_price", "margin_balance",
        "maintenance_margin", "daily_move", "share", "stop", "notional", "next_floor", "next_limit", "initial_margin",
        "wallet", "wanted", "close", "add", "days",
    )  # fmt: skip
    texts = {
        words_of(MistakeView(mistake=each, legs=(leg,), numbers=dict.fromkeys(names, Decimal(1)))) for each in Mistake
    }
    assert len(texts) == len(Mistake)


def test_without_an_amount_that_helps_a_smaller_position_is_the_step() -> None:
    leg = LegView(coin="BTC", side="long")
    numbers = {"distance": Decimal("-0.01"), "daily_move": Decimal("0.03")}
    view = MistakeView(mistake=Mistake.LIQUIDATION_WITHIN_A_DAY, legs=(leg,), numbers=numbers)
    assert words_of(view).endswith("→ a smaller position, or less leverage.")


def test_thresholds_stand_in_one_place() -> None:
    assert (THRESHOLDS.high_leverage, THRESHOLDS.account_share) == (Decimal(20), Decimal("0.5"))


# --- The cards -----------------------------------------------------------------------------------------------------


def test_the_block_and_the_button_of_another_card_say_how_many() -> None:
    views = worst_first(noticed(subject_of_portfolio(THREE, now=NOON), Told(thinks_cross_safer=True)))
    block = str(mistakes_block(views, TONGUE))
    assert block.startswith("⚠︎ 2 things to know, first:\nBTC long has 25x in cross")
    [[button]] = mistakes_row(views, TONGUE)
    assert isinstance(button, Tap)
    assert (button.label, button.action) == ("⚠︎ 2 things to know", "mistakes")


def test_any_card_opens_the_page_about_its_own_positions() -> None:
    talk = Talk()
    talk.say("long 0.1 btc 64k 100x isolated, wallet 10k")
    check = talk.last
    talk.act("mistakes")
    assert talk.first_line == "⚠︎ 1 thing to know about your position"
    assert any(message.id == check.id for message in talk.messages)
    talk.tap("Close")
    assert talk.last.id == check.id


def test_a_trade_behind_the_command_is_looked_at() -> None:
    assert Talk().command("check", "long 0.1 btc 64k 100x isolated").startswith("⚠︎ 1 thing to know")
    assert "A wallet in USDT works" in Talk().command("check", "long 0.1 btc 64k 10x, wallet 5000 eur")


def test_a_portfolio_is_not_looked_at_in_a_group() -> None:
    talk = talk_with(THREE)
    talk.chat = GROUP
    assert talk.command("check") == "What your positions get wrong is personal: ask me in our private chat."
    talk.command("check", "long 0.1 btc 64k 100x isolated")
    assert talk.first_line.startswith("⚠︎ 1 thing to know")
    talk.act("close", by=BOB)
    assert talk.toasts == ["This is somebody else's card. Your own opens in our private chat."]


@pytest.mark.parametrize("action", ["back", "mend:0", "x", ""])
def test_a_forged_button_does_nothing(action: str) -> None:
    talk = talk_with(THREE)
    before = talk.command("check")
    talk.act(action)
    assert talk.text == before
    assert talk.toasts == ["This button is too old. Send your question again."]


def test_twenty_positions_fit_one_message() -> None:
    coins = ("BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "ADA", "AVAX", "LINK", "LTC")
    sides = [(coin, side) for coin in coins for side in ("long", "short")]
    many = account(*(saved(coin, side, "0.01", "100", "50", "isolated") for coin, side in sides))
    text = talk_with(many).command("check")
    assert len(text) < 4096
    assert "more." in text.splitlines()[-1]


def test_shorts_are_measured_upward() -> None:
    short = account(saved("BTC", "short", "0.1", "64000", "50", "isolated"))
    view = found(short)[Mistake.LIQUIDATION_WITHIN_A_DAY]
    assert view.numbers["distance"] > 0
    assert view.numbers["add"] > 0
    assert Side.SHORT.value == view.legs[0].side


def test_a_subject_without_positions_has_none() -> None:
    assert noticed(Subject()) == ()


# --- On other cards ------------------------------------------------------------------------------------------------


def test_a_check_card_points_to_what_it_gets_wrong() -> None:
    talk = Talk()
    shown = talk.say("long 0.1 btc 64k 50x isolated, wallet 5k")
    assert "⚠︎ 1 thing to know:\nBTC long is liquidated 1.6% away, and BTC usually moves" in shown
    assert len(talk.last.labels) <= 7
    assert "more margin puts it 2 such days away" in talk.tap("⚠︎ 1 thing to know")


def test_a_sound_trade_and_a_card_with_a_question_are_left_in_peace() -> None:
    assert "to know" not in Talk().say("long 0.01 btc 64k 5x isolated, wallet 5k")
    assert "to know" not in Talk().say("long 0.1 btc 64k 50x")


def test_what_the_verdict_says_is_not_said_twice() -> None:
    talk = Talk()
    shown = talk.say("long 0.1 btc 64k 20x isolated stop 60000, wallet 5k")
    assert shown.count("before the stop") == 1
    assert "⚠︎ 1 thing to know" in talk.labels


def test_the_portfolio_points_to_what_it_gets_wrong() -> None:
    talk = talk_with(THREE)
    shown = talk.command("portfolio")
    assert "to know" in shown
    assert all(len(row) <= 3 for row in talk.last.labels)
