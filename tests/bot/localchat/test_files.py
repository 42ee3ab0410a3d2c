"""Photos and documents: sent, edited and fetched back."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.localchat import PersonView
from bot.localchat.driver import tiny_png
from bot.localchat.methods.files import picture_size
from tests.bot.localchat.conftest import TOKEN, Answer, Api


async def upload(api: Api, method: str, content: bytes, *, field: str, name: str, kind: str, **params: Any) -> Answer:
    form = aiohttp.FormData()
    for key, value in params.items():
        form.add_field(key, str(value))
    form.add_field(field, content, filename=name, content_type=kind)
    async with api.session.post(f"{api.url}/bot{TOKEN}/{method}", data=form) as response:
        return Answer(response.status, await response.json())


async def photo(api: Api, ann: PersonView, content: bytes, **params: Any) -> Answer:
    return await upload(
        api, "sendPhoto", content, field="photo", name="a.png", kind="image/png", chat_id=ann.id, **params
    )


async def fetched(api: Api, file_id: str) -> bytes:
    path = (await api.ok("getFile", file_id=file_id))["file_path"]
    async with api.session.get(f"{api.url}/file/bot{TOKEN}/{path}") as response:
        assert response.status == 200
        return await response.read()


async def test_a_photo_is_shown_and_fetched_back(api: Api, ann: PersonView) -> None:
    sent = (await photo(api, ann, tiny_png(), caption="<b>c</b>", parse_mode="HTML")).body["result"]
    [size] = sent["photo"]
    assert (size["width"], size["height"]) == (8, 8)
    assert await fetched(api, size["file_id"]) == tiny_png()
    shown = await ann.next()
    assert (shown.html, shown.photo) == ("<b>c</b>", [size])


async def test_a_photo_can_be_sent_again_by_its_id(api: Api, ann: PersonView) -> None:
    first = (await photo(api, ann, tiny_png())).body["result"]["photo"][0]
    again = await api.ok("sendPhoto", chat_id=ann.id, photo=first["file_id"])
    assert again["photo"] == [first]


async def test_a_document_keeps_its_name_and_type(api: Api, ann: PersonView) -> None:
    answer = await upload(
        api, "sendDocument", b"{}", field="document", name="book.json", kind="application/json", chat_id=ann.id
    )
    document = answer.body["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == ("book.json", "application/json", 2)
    assert await fetched(api, document["file_id"]) == b"{}"


async def test_what_a_person_sends_can_be_fetched(api: Api, ann: PersonView) -> None:
    sent = [await ann.send_photo("look"), await ann.send_voice(), await ann.send_sticker()]
    updates = [update["message"] for update in await api.ok("getUpdates")][1:]
    assert [set(u) & {"photo", "voice", "sticker"} for u in updates] == [{"photo"}, {"voice"}, {"sticker"}]
    assert [message.text for message in sent] == ["look", "", ""]
    for file_id in (
        updates[0]["photo"][0]["file_id"],
        updates[1]["voice"]["file_id"],
        updates[2]["sticker"]["file_id"],
    ):
        assert await fetched(api, file_id)


async def test_caption_and_picture_are_edited_in_place(api: Api, ann: PersonView) -> None:
    sent = (await photo(api, ann, tiny_png(), caption="one")).body["result"]
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    await api.ok("editMessageCaption", **where, caption="<i>two</i>", parse_mode="HTML")
    assert ann.messages[-1].html == "<i>two</i>"
    media = '{"type": "photo", "media": "attach://fresh", "caption": "three"}'
    answer = await upload(
        api, "editMessageMedia", tiny_png(), field="fresh", name="b.png", kind="image/png", media=media, **where
    )
    assert answer.status == 200
    shown = ann.messages[-1]
    assert shown.text == "three"
    assert shown.photo is not None
    assert shown.photo[0]["file_id"] != sent["photo"][0]["file_id"]
    assert shown.edited


@pytest.mark.parametrize(
    ("method", "params", "code", "problem"),
    [
        ("sendPhoto", {}, 400, "Bad Request: there is no photo in the request"),
        ("sendDocument", {}, 400, "Bad Request: there is no document in the request"),
        (
            "sendPhoto",
            {"photo": "nonsense"},
            400,
            "Bad Request: wrong remote file identifier specified: can't unserialize it",
        ),
        (
            "sendPhoto",
            {"photo": "https://a.example/b.png"},
            501,
            "Not Implemented: sending files by URL is not emulated by the local chat",
        ),
    ],
)
async def test_bad_files_are_refused(
    api: Api, ann: PersonView, method: str, params: dict[str, str], code: int, problem: str
) -> None:
    assert (await api.call(method, chat_id=ann.id, **params)).refusal == (code, problem)


async def test_what_is_no_picture_or_too_long_a_caption_is_refused(api: Api, ann: PersonView) -> None:
    assert (await photo(api, ann, b"no picture")).refusal == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert (await photo(api, ann, b"")).refusal == (400, "Bad Request: file must be non-empty")
    long = await photo(api, ann, tiny_png(), caption="x" * 1025)
    assert long.refusal == (400, "Bad Request: message caption is too long")
    lost = (await api.call("getFile", file_id="nonsense")).refusal
    assert lost == (400, "Bad Request: wrong file_id or the file is temporarily unavailable")


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"GIF89a\x03\x00\x02\x00", (3, 2)),
        # start of image; an 8-byte segment to pass over (FE, length 6); frame header with height 2 and width 3
        (b"\xff\xd8\xff\xfe\x00\x06abcd\xff\xc0\x00\x0b\x08\x00\x02\x00\x03", (3, 2)),
        (b"\xff\xd8\xff", (0, 0)),
        (b"", (0, 0)),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(content: bytes, size: tuple[int, int]) -> None:
    assert picture_size(content) == size
