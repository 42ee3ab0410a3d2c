"""Photos and documents: sent, edited and fetched back."""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp
import pytest

from bot.localchat import PersonView
from bot.localchat.driver import tiny_png
from bot.localchat.methods.uploads import picture_size
from tests.bot.localchat.conftest import TOKEN, Answer, Api

WRONG_ID = "Bad Request: wrong remote file identifier specified: "


async def upload(api: Api, method: str, content: bytes, *, field: str, name: str, kind: str, **params: Any) -> Answer:
    form = aiohttp.FormData()
    for key, value in params.items():
        form.add_field(key, str(value))
    form.add_field(field, io.BytesIO(content), filename=name, content_type=kind)
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
            "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        (
            "sendPhoto",
            {"photo": "nonsens"},
            400,
            "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol",
        ),
        ("sendPhoto", {"photo": "nonse"}, 400, f"{WRONG_ID}Wrong string length"),
        ("sendPhoto", {"photo": "non sense"}, 400, f"{WRONG_ID}Wrong character in the string"),
        ("sendPhoto", {"photo": "local-gone"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "https://a.example/b.png"}, 400, "Bad Request: failed to get HTTP URL content"),
        (
            "sendPhoto",
            {"photo": "ftp://a.example/b.png"},
            400,
            "Bad Request: invalid file HTTP URL specified: Unsupported URL protocol",
        ),
        ("sendPhoto", {"photo": "attach://gone"}, 400, "Bad Request: there is no photo in the request"),
        ("sendVideoNote", {}, 400, "Bad Request: there is no video note in the request"),
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
    assert lost == (400, "Bad Request: invalid file_id")
    assert (await api.call("getFile")).refusal == (400, "Bad Request: file_id not specified")


async def test_sizes_are_bounded(api: Api, ann: PersonView) -> None:
    large = tiny_png() + b"x" * 10 * 2**20
    assert (await photo(api, ann, large)).refusal == (
        400,
        f"Bad Request: file of size {len(large)} bytes is too big for a photo; the maximum size is 10485760 bytes",
    )

    async def document(size: int) -> Answer:
        content = b"x" * size
        return await upload(api, "sendDocument", content, field="document", name="a", kind="text/x", chat_id=ann.id)

    sent = (await document(20 * 2**20 + 1)).body["result"]["document"]
    assert (await api.call("getFile", file_id=sent["file_id"])).refusal == (400, "Bad Request: file is too big")
    assert (await document(50 * 2**20 + 1)).refusal == (413, "Request Entity Too Large")


@pytest.mark.parametrize(
    ("method", "field", "params", "shown"),
    [
        ("sendAudio", "audio", {"duration": 3, "title": "t"}, {"duration": 3, "title": "t", "file_name": "a.bin"}),
        ("sendVideo", "video", {"width": 4, "height": 3}, {"width": 4, "height": 3, "duration": 0}),
        ("sendAnimation", "animation", {"duration": 2}, {"duration": 2}),
        ("sendVoice", "voice", {"duration": 5}, {"duration": 5, "mime_type": "x/y"}),
        ("sendVideoNote", "video_note", {"length": 240}, {"length": 240}),
        ("sendSticker", "sticker", {"emoji": "👍"}, {"emoji": "👍", "is_video": False}),
        ("sendDocument", "document", {}, {"file_name": "a.bin"}),
    ],
)
async def test_every_kind_of_file_is_kept_and_fetched_back(
    api: Api, ann: PersonView, method: str, field: str, params: dict[str, Any], shown: dict[str, Any]
) -> None:
    content = f"the content of {method}".encode()
    answer = await upload(api, method, content, field=field, name="a.bin", kind="x/y", chat_id=ann.id, **params)
    sent = answer.body["result"][field]
    assert {name: sent[name] for name in shown} == shown
    assert await fetched(api, sent["file_id"]) == content
    again = await api.ok(method, chat_id=ann.id, **{field: sent["file_id"]})
    assert again[field]["file_unique_id"] == sent["file_unique_id"]


async def album(api: Api, ann: PersonView, *media: Any) -> Answer:
    return await upload(
        api,
        "sendMediaGroup",
        tiny_png(),
        field="one",
        name="a.png",
        kind="image/png",
        chat_id=ann.id,
        media=json.dumps(media),
    )


PICTURE = {"type": "photo", "media": "attach://one"}


async def test_an_album_comes_as_messages_with_one_group_id(api: Api, ann: PersonView) -> None:
    sent = (await album(api, ann, PICTURE, {**PICTURE, "caption": "*b*", "parse_mode": "MarkdownV2"})).body["result"]
    assert len(sent) == 2
    assert len({message["media_group_id"] for message in sent}) == 1
    assert (sent[1]["caption"], sent[1]["caption_entities"][0]["type"]) == ("b", "bold")
    [alone] = (await album(api, ann, PICTURE)).body["result"]
    assert "media_group_id" not in alone


@pytest.mark.parametrize(
    ("media", "problem"),
    [
        ([], "there are no messages to send"),
        ([PICTURE] * 11, "too many messages to send as an album"),
        ([PICTURE, {**PICTURE, "type": "document"}], "document can't be mixed with other media types in an album"),
        (["x"], "can't parse InputMedia: expected an Object"),
        ([{"type": "photo"}], "can't parse InputMedia: media not found"),
        ([{"type": "photo", "media": "attach://gone"}], "can't parse InputMedia: media not found"),
        ([{"media": "attach://one"}], "can't parse InputMedia: Can't find field \"type\""),
        ([{**PICTURE, "type": "x"}], 'can\'t parse InputMedia: type "x" is unsupported'),
        (
            [{**PICTURE, "type": "animation"}],
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        ([{**PICTURE, "caption": "x" * 1025}], "message caption is too long"),
    ],
)
async def test_an_album_is_refused(api: Api, ann: PersonView, media: list[Any], problem: str) -> None:
    before = len(ann.messages)
    assert (await album(api, ann, *media)).refusal == (400, f"Bad Request: {problem}")
    assert len(ann.messages) == before


async def test_media_change_their_kind_in_an_edit(api: Api, ann: PersonView) -> None:
    sent = (await photo(api, ann, tiny_png(), caption="one")).body["result"]
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    media = json.dumps({"type": "document", "media": sent["photo"][0]["file_id"]})
    changed = await api.ok("editMessageMedia", **where, media=media)
    assert ("photo" in changed, "caption" in changed, "document" in changed) == (False, False, True)
    same = await api.call("editMessageMedia", **where, media=media)
    assert same.refusal[1].startswith("Bad Request: message is not modified")
    bad = await api.call("editMessageMedia", **where, media="{")
    assert bad.refusal == (400, "Bad Request: can't parse input media JSON object")


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
