"""Around the front desk: who may set what in a group, what a reply goes on from, and what stays unsaid."""

from dataclasses import replace

import pytest

from bot.dialogue import Chat, Commanded, Event, Migrated, Outcome, Presence, Said, Show
from bot.flows.lobby import decide
from bot.storage.group_settings import GroupSettings, MoveGroup, NotePresence, SaveGroup
from bot.storage.person_settings import PersonSettings, StoredSettings
from tests.bot.flows.talk import ANN, BOB, Talk

GROUP = Chat(id=-5, kind="supergroup")
TRADE = "long 0.5 btc 64k 20x, wallet 10k"


@pytest.fixture
def talk() -> Talk:
    return Talk(chat=GROUP, leaders=frozenset({ANN.id}))


def outcome_of(talk: Talk, event: Event) -> Outcome:
    return decide(event, talk.facts(event))


def set_to(talk: Talk, settings: GroupSettings) -> None:
    talk.shelves.apply([SaveGroup(bot_id=1, chat_id=GROUP.id, settings=settings, version=0)], talk.time)


# --- Settings ------------------------------------------------------------------------------------------------------


def test_who_writes_in_the_groups_name_leads_it(talk: Talk) -> None:
    event = talk.event(Commanded(name="settings"), by=BOB)
    refused, shown = outcome_of(talk, event), outcome_of(talk, replace(event, anonymous=True))
    assert (refused.show[0].card, shown.show[0].card is None) == (None, False)


@pytest.mark.parametrize("action", ["venue:nasdaq", "off:settings", "off:", "language:xx:y", "zz", ""])
def test_forged_buttons_of_the_settings_change_nothing(talk: Talk, action: str) -> None:
    before = talk.command("settings")
    talk.act(action)
    if talk.text != before:  # the language goes round, whatever stands behind it
        assert action.startswith("language")


def test_an_exchange_that_is_named_wins_over_the_groups_and_the_groups_over_ones_own(talk: Talk) -> None:
    set_to(talk, GroupSettings(venue="bybit"))
    assert "this group's exchange Bybit" in talk.command("liq", TRADE)
    # Binance: 64,000 x 0.95 / 0.996; OKX's own table says else
    assert talk.command("liq", f"{TRADE} on binance").startswith("Isolated: liquidated at 61,044.2")


def test_what_is_taken_back_stands_as_it_stood(talk: Talk) -> None:
    talk.command("settings")
    talk.tap("Exchange")
    talk.tap("OKX")
    assert "Exchange: OKX" in talk.text
    talk.tap("Exchange")
    talk.tap("Each member's own")
    assert "Exchange: as each member has set it" in talk.text


def test_a_command_that_is_off_is_answered_by_the_way_out_and_on_again_works(talk: Talk) -> None:
    set_to(talk, GroupSettings(off=("quiz",)))
    assert talk.command("quiz") == "That command is off in this group."
    assert talk.labels == ["Open in private"]
    assert Talk(chat=Chat(id=7), shelves=talk.shelves).command("quiz").startswith("1/5 ")


def test_a_quiet_group_answers_what_is_meant_for_the_bot(talk: Talk) -> None:
    set_to(talk, GroupSettings(quiet=True))
    event = talk.event(Said(text=TRADE))
    assert outcome_of(talk, event) == Outcome()
    assert outcome_of(talk, replace(event, mentioned=True)).show
    talk.command("liq", "long 0.5 btc 64k 20x")
    assert "44,176.8" in talk.say("10k", reply=True)


# --- Replies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "begins"),
    [
        ("liq", "", "Isolated: liquidated at 61,044.2"),
        ("liq", "10x", "Isolated: liquidated at 57,831.4"),  # 64,000 x 0.9 / 0.996
        ("liq", "short eth 3200 10x iso", "Isolated: liquidated at 3,505.97"),  # a trade of its own stands alone
        ("whatif", "-10%", "Isolated: liquidated, 8,400 left."),
        ("compare", "", "Isolated: liquidated at 61,044.2"),
        ("addmargin", "", "BTC long: liquidated at 61,044.2"),
    ],
)
def test_a_command_as_a_reply_goes_on_from_the_trade_there(talk: Talk, name: str, arguments: str, begins: str) -> None:
    assert talk.command(name, arguments, by=BOB, quoted=f"{TRADE}, thoughts?").startswith(begins)
    assert talk.card.owner_id == BOB.id


@pytest.mark.parametrize("quoted", ["good morning", "", "btc to the moon", "is isolated safer?"])
def test_a_message_without_a_trade_is_said_to_have_none(talk: Talk, quoted: str) -> None:
    assert talk.command("liq", quoted=quoted).startswith("I find no trade in that message.")


def test_a_picture_that_comes_by_itself_stays_in_private(talk: Talk) -> None:
    talk.settings[ANN.id] = StoredSettings(settings=PersonSettings(pictures="light"), version=1)
    talk.command("liq", TRADE)
    assert [message.screen.picture for message in talk.messages] == [None]
    talk.chat = Chat(id=7)
    talk.command("liq", TRADE)
    assert talk.last.screen.picture is not None


# --- Edits ---------------------------------------------------------------------------------------------------------


def test_an_edited_command_changes_its_own_card_alone(talk: Talk) -> None:
    talk.command("whatif", f"{TRADE}, btc -10%")
    asked = talk.number - 1
    talk.command("liq", "short eth 3200 10x iso", by=BOB)
    event = replace(talk.event(Commanded(name="whatif", arguments=f"{TRADE}, btc -5%"), own=asked), edited=True)
    [step] = outcome_of(talk, event).show
    assert isinstance(step, Show)
    assert step.card is not None
    assert step.card.version == 1
    assert "If BTC −5%" in step.screen.text
    assert outcome_of(talk, replace(event, person=BOB)) == Outcome()


# --- A group's life ------------------------------------------------------------------------------------------------


def test_being_added_says_hello_and_being_removed_nothing(talk: Talk) -> None:
    added, removed = (outcome_of(talk, talk.event(Presence(here=here))) for here in (True, False))
    assert (len(added.show), len(removed.show)) == (1, 0)
    assert removed.changes == (NotePresence(bot_id=1, chat_id=GROUP.id, here=False),)
    talk.shelves.apply(added.changes, talk.time)
    assert outcome_of(talk, talk.event(Presence(here=True))).show == ()


def test_a_migration_only_moves_what_is_stored(talk: Talk) -> None:
    outcome = outcome_of(talk, talk.event(Migrated(old=-5, new=-1000000000005)))
    assert outcome == Outcome(changes=(MoveGroup(bot_id=1, old=-5, new=-1000000000005),))
