"""Fifty people with 500 forged and outlived buttons and ids: nothing is learnt, nothing changes, all is counted."""

import random
from collections import Counter

from bot.dialogue import Chat, Person, Tapped
from bot.flows.desk import decide
from bot.payloads import Payload, encode_payload
from tests.bot.flows.books import THREE, talk_with
from tests.bot.flows.talk import ANN, Talk

ACTIONS = (
    "save_all", "do", "forget_all", "deleted", "undo", "redo", "share:copy", "unshare", "open:1", "copy:1", "restore:1",
    "wallet", "export", "show", "amounts", "close", "back", "list", "history", "page:-1", "pos:w1", "set:leverage:125",
    "then:1", "price:BTC", "whatif", "picture", "compare", "portfolio", "", ":", "x" * 30,
)  # fmt: skip
SECRETS = ("5,000", "64,000", "64000", "3,200", "BTC-long")


def forged(chance: random.Random, talk: Talk, thief: Person) -> str:
    """Data that somebody else could send: Ann's own buttons, made up ids, other versions, noise."""
    card = chance.choice([*talk.cards, 0, 5, 2**40, 2**62])
    owner = chance.choice([ANN.id, thief.id, 0, 2**60])
    data = encode_payload(Payload(card_id=card, owner_id=owner, action=chance.choice(ACTIONS)))
    match chance.randrange(6):
        case 0:
            return "2" + data[1:]
        case 1:
            return "".join(chance.sample(data, len(data)))
        case 2:
            return data[: chance.randrange(len(data))]
        case 3:
            return "".join(chr(chance.randrange(1, 0x2FFF)) for _ in range(chance.randrange(1, 20)))
        case _:
            return data


def test_five_hundred_forged_taps_of_fifty_people_change_nothing_and_show_nothing() -> None:
    talk, chance = talk_with(THREE), random.Random(1)  # the same ones every time
    for command in ("portfolio", "history", "forget", "export", "portfolios", "check"):
        talk.command(command)
    group = Talk(chat=Chat(id=-5, kind="supergroup"), shelves=talk.shelves, cards=talk.cards, serials=talk.serials)
    group.command("portfolio")
    before = (dict(talk.cards), talk.portfolio, talk.shelves.open_of(ANN.id))
    counted: Counter[str | None] = Counter()
    for number in range(500):
        thief = Person(id=100 + number % 50)
        event = talk.event(Tapped(query_id="q", data=forged(chance, talk, thief)), by=thief)
        outcome = decide(event, talk.facts(event))
        counted[outcome.refused] += 1
        assert outcome.changes == ()
        assert all(secret not in repr(outcome) for secret in SECRETS)
        assert outcome.show == () or outcome.refused is None
    assert (dict(talk.cards), talk.portfolio, talk.shelves.open_of(ANN.id)) == before
    assert sum(counted.values()) == 500
    assert min(counted["forged"], counted["stale"], counted["not_yours"]) > 20
    assert counted[None] == 0


def test_a_button_of_a_card_that_is_gone_is_stale() -> None:
    talk = talk_with(THREE)
    talk.command("portfolio")
    card = talk.card
    talk.tap("Close")
    event = talk.event(
        Tapped(query_id="q", data=encode_payload(Payload(card_id=card.id, owner_id=ANN.id, action="undo")))
    )
    outcome = decide(event, talk.facts(event))
    assert outcome.refused == "stale"
    assert outcome.toast is not None
    assert outcome.toast.text == "This button is too old. Send your question again."
