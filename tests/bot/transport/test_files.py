"""Files over HTTP: fetched before anything is decided, bounded, and sent as documents that come back unchanged."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from bot.dialogue import Enclosed, Event, Outcome, Said, Screen, Show, TextFile
from bot.localchat import LocalChat
from bot.storage.store import Store
from bot.transport.files import MOST_BYTES, text_of
from tests.support.bots import running


async def mirror(event: Event) -> Outcome:
    """Sends every file back, and says why it cannot."""
    match event.content:
        case Enclosed(name=name, text=str(text)):
            screen = Screen(text=Markup("<b>{}</b>").format(name), file=TextFile(name=name, text=text))
        case Enclosed(name=name, problem=problem):
            screen = Screen(text=Markup("{}: {}").format(name, problem))
        case Said(text=text):
            screen = Screen(text=Markup("said {}").format(text))
        case _:
            return Outcome()
    return Outcome(show=(Show(screen=screen),))


CSV = "Symbol,Größe\nBTCUSDT,1\n"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.csv", "text/csv"), ("b", "application/json"), ("c.TXT", "application/octet-stream"),
     ("d.csv", "application/vnd.ms-excel")],
)  # fmt: skip
async def test_a_text_file_comes_and_goes_unchanged(chat: LocalChat, store: Store, name: str, kind: str) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        await ann.send_document(CSV.encode(), name=name, content_type=kind)
        back = await ann.next()
    assert back.document is not None
    assert (back.text, back.document["file_name"], ann.file(back)) == (name, name, CSV.encode())


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_usual_codings_are_read(coding: str) -> None:
    assert text_of(CSV.encode(coding)) == CSV


@pytest.mark.parametrize(
    ("content", "name", "kind", "said"),
    [
        (b"\x89PNG\r\n", "a.png", "image/png", "a.png: not_text"),
        (b"\x00\x01\x02", "a.csv", "text/csv", "a.csv: not_text"),
        (b"\xff" * 9, "a.csv", "text/csv", "a.csv: not_text"),
        (b"1" * (MOST_BYTES + 1), "a.csv", "text/csv", "a.csv: too_big"),
    ],
    ids=["a picture", "zeros", "no UTF-8", "too long"],
)
async def test_what_is_no_text_or_too_long_is_said(
    chat: LocalChat, store: Store, content: bytes, name: str, kind: str, said: str
) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        await ann.send_document(content, name=name, content_type=kind)
        assert (await ann.next()).text == said


async def test_a_file_of_exactly_the_longest_is_read(chat: LocalChat, store: Store) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        await ann.send_document(b"1" * MOST_BYTES, name="a.csv", content_type="text/csv")
        assert (await ann.next(timeout=10)).text == "a.csv"


@pytest.mark.parametrize("wrong", [{"file_size": 5}, {}], ids=["understated", "unstated"])
async def test_a_file_that_hides_its_length_is_cut_off(chat: LocalChat, store: Store, wrong: dict[str, int]) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        await ann.send_document(b"1" * (MOST_BYTES * 4), name="a.csv", content_type="text/csv", stated=wrong)
        assert (await ann.next(timeout=10)).text == "a.csv: too_big"


async def test_the_caption_of_a_file_without_text_is_what_is_meant(chat: LocalChat, store: Store) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        await ann.send_document(b"%PDF", name="a.pdf", content_type="application/pdf", caption="long btc")
        assert (await ann.next()).text == "said long btc"


async def test_a_file_that_telegram_does_not_hand_out_is_one_line_and_the_next_one_is_read(
    chat: LocalChat, store: Store
) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        chat.fault(method="getFile", kind="status", value=500)
        await ann.send_document(b"1", name="a.csv", content_type="text/csv")
        assert (await ann.next()).text == "a.csv: not_fetched"
        await ann.send_document(b"1", name="a.csv", content_type="text/csv")
        assert (await ann.next()).text == "a.csv"


async def test_a_file_that_is_refused_at_first_is_sent_again(chat: LocalChat, store: Store) -> None:
    async with running(chat, mirror, store=store):
        ann = chat.person("Ann")
        chat.fault(method="sendDocument", kind="status", value=500)
        await ann.send_document(CSV.encode(), name="a.csv", content_type="text/csv")
        assert ann.file(await ann.next(timeout=15)) == CSV.encode()
