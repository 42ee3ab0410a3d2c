"""Saving a check card, and the saved account beside a trade."""

from decimal import Decimal

from bot.dialogue import Chat
from tests.bot.flows.talk import Talk

FULL = "long 0.5 btc 64k 20x, wallet 10k"


def test_saving_an_unsaid_mode_asks_which() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.tap("Save")
    assert not talk.portfolio.positions
    talk.tap("As cross")
    saved = talk.portfolio.positions[0]
    assert (saved.symbol, saved.side, saved.quantity, saved.margin_mode) == ("BTCUSDT", "long", Decimal("0.5"), "cross")
    assert talk.portfolio.wallet == {"USDT": Decimal(10000)}
    assert (talk.portfolio.marks["BTCUSDT"].price, talk.portfolio.marks["BTCUSDT"].source) == (Decimal(64000), "entry")


def test_a_double_tap_saves_once() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.act("save")
    assert len(talk.portfolio.positions) == 1
    assert talk.toasts == ["Saved as cross.", "Already saved."]


def test_saving_asks_for_the_size_and_then_goes_on() -> None:
    talk = Talk()
    talk.say("long btc 64k 20x iso")
    talk.tap("Save")
    assert "What size of BTC?" in talk.text
    talk.say("0.5")
    assert talk.portfolio.positions[0].quantity == Decimal("0.5")
    assert "✓ Saved" in talk.text


def test_saving_as_cross_asks_for_the_wallet_and_then_goes_on() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x")
    talk.tap("Save")
    talk.tap("As cross")
    talk.say("10k")
    assert (talk.portfolio.positions[0].margin_mode, talk.portfolio.wallet["USDT"]) == ("cross", Decimal(10000))


def test_a_card_changed_after_saving_can_be_saved_again_and_replaces_itself() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("10x", reply=True)
    talk.tap("Save")
    assert [position.leverage for position in talk.portfolio.positions] == [Decimal(10)]


def test_the_same_place_is_replaced_only_after_asking() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("long 0.1 btc 60k 10x cross wallet 10k")
    talk.tap("Save")
    assert "Your portfolio has BTC long, cross already." in talk.text
    talk.tap("« Back")
    assert [position.quantity for position in talk.portfolio.positions] == [Decimal("0.5")]
    talk.tap("Save")
    talk.tap("Replace")
    assert [position.quantity for position in talk.portfolio.positions] == [Decimal("0.1")]
    # The entry that stood in for the price went with its position.
    assert talk.portfolio.marks["BTCUSDT"].price == Decimal(60000)


def test_another_wallet_is_kept_and_the_cards_is_offered() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("short 2 eth 3200 20x cross wallet 5k")
    talk.tap("Save")
    assert talk.toasts[-1] == "Saved as cross. Your portfolio's wallet stays at 10,000 USDT."
    talk.tap("Use 5,000 USDT")
    assert talk.portfolio.wallet["USDT"] == Decimal(5000)


def test_an_account_that_does_not_fit_together_is_not_saved() -> None:
    talk = Talk()
    talk.say("long 1 btc 64k 10x iso, wallet 7k")
    talk.tap("Save")
    talk.say("short 2 eth 3200 5x iso")  # 6,400 + 1,280 > 7,000
    talk.tap("Save")
    needed = "together the isolated positions need 7,680 USDT margin (BTC 6,400, ETH 1,280)"
    assert f"Not saved: {needed}, but the wallet has 7,000 USDT." in talk.toasts[-1]
    assert len(talk.portfolio.positions) == 1


def test_a_given_price_is_saved_with_the_position() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x iso")
    talk.say("btc 63k now")
    talk.tap("Save")
    mark = talk.portfolio.marks["BTCUSDT"]
    assert (mark.price, mark.source, mark.given_at) == (Decimal(63000), "given", talk.time)


def test_a_saved_wallet_stands_for_an_unsaid_one_and_the_card_says_so() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("short 2 eth 3200 20x")
    assert "wallet: 10,000 USDT, from your portfolio" in talk.text
    assert "Wallet" in talk.labels


def test_the_cross_half_counts_the_saved_account() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    text = talk.say("short 4 eth 3200 10x")
    # BTC needs 128 of the 10,000: (9,872 + 12,800) / (4 x 1.004) = 5,645.42 -> down to 5,645.41.
    assert "Cross in your account: 5,645.41, 76.4% above entry." in text
    assert "Cross counts your account: 10,000 USDT and your saved position." in text
    assert "nothing else is open" not in text


def test_a_trade_in_the_place_of_a_saved_one_is_not_counted_twice() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    text = talk.say("long 1 btc 64k 20x cross")
    # (10,000 - 64,000) / (1 x -0.996) = 54,216.87
    assert text.startswith("Cross in your account: liquidated at 54,216.9, 15.3% below entry.")
    assert "It stands in place of your saved BTC long in cross." in text


def test_a_wallet_said_beside_a_saved_account_is_warned_about() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    text = talk.say("short 4 eth 3200 10x, wallet 5k")
    assert "Your saved position is not counted: the wallet you named is taken for this trade alone." in text
    assert "nothing else is open" not in text


def test_what_a_card_saved_is_not_beside_it_on_the_cards_opened_from_it() -> None:
    for opener in ("whatif", "compare", "act"):
        talk = Talk()
        talk.say("long 0.5 btc 64k 20x cross, wallet 10k")
        talk.act("save")
        assert talk.portfolio.positions
        talk.act(opener)
        assert "not counted" not in talk.text


def test_a_saved_card_stays_saved_when_only_the_price_moves() -> None:
    talk = Talk()
    talk.say(FULL)
    talk.tap("Save")
    talk.tap("As isolated")
    assert "✓ Saved in your portfolio as isolated." in talk.text
    talk.tap("Price now")
    assert "✓ Saved in your portfolio as isolated." in talk.say("63k")
    assert talk.portfolio.marks["BTCUSDT"].price == Decimal(63000)
    assert "✓" not in talk.say("10x")


def test_a_saved_card_with_another_wallet_says_which_one_the_account_has() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.say("short 2 eth 3200 20x cross wallet 5k")
    talk.tap("Save")
    assert "Your account goes on with its own wallet of 10,000 USDT." in talk.text


def test_a_group_never_sees_the_saved_wallet() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.chat = Chat(id=-5, kind="group")
    talk.say("short 2 eth 3200 20x")
    assert "Cross needs your wallet balance." in talk.text


def test_a_group_never_sees_the_accounts_wallet_on_a_saved_card() -> None:
    talk = Talk()
    talk.say(FULL + " cross")
    talk.tap("Save")
    talk.chat = Chat(id=-5, kind="group")
    talk.say("short 2 eth 3200 20x cross wallet 5k")
    talk.act("save")
    assert "10,000" not in talk.text


def test_a_card_that_several_assets_back_is_saved_with_them() -> None:
    talk = Talk()
    talk.say("long 0.5 btc 64k 20x cross, multi-asset, wallet 5000 usdt and 0.2 btc")
    talk.tap("Save")
    assert talk.portfolio.asset_mode == "multi"
    assert talk.portfolio.wallet == {"USDT": 5000, "BTC": Decimal("0.2")}
    held = talk.portfolio.collateral["BTC"]
    assert (held.price, held.haircut) == (Decimal(64000), Decimal("0.05"))


def test_such_a_card_is_not_put_into_a_portfolio_that_counts_each_asset_alone() -> None:
    talk = Talk()
    talk.say("deposit 10000")
    talk.say("long 0.5 btc 64k 20x cross, multi-asset, wallet 5000 usdt and 0.2 btc")
    talk.tap("Save")
    assert "main counts each asset on its own" in talk.toasts[-1]
    assert talk.portfolio.positions == ()


def test_positions_that_settle_in_two_assets_are_saved_with_both_wallets() -> None:
    talk = Talk()
    talk.say("long 0.1 btcusdc 64k 10x cross and long 2 eth 3000 10x cross, wallet 3000 usdc and 2000 usdt")
    talk.tap("Save")
    assert talk.portfolio.wallet == {"USDC": 3000, "USDT": 2000}
