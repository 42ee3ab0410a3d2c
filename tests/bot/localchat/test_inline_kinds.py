"""The kinds of inline results, and the messages they become."""

from __future__ import annotations

import pytest

from bot.localchat import PersonView
from bot.localchat.driver import tiny_png
from tests.bot.localchat.conftest import Api
from tests.bot.localchat.test_files import photo
from tests.bot.localchat.test_inline import ask


async def test_photos_and_documents_are_shown_by_their_file_ids(api: Api, ann: PersonView) -> None:
    sent = (await photo(api, ann, tiny_png())).body["result"]
    file_id = sent["photo"][-1]["file_id"]
    shown = {"type": "photo", "id": "p", "photo_file_id": file_id, "caption": "<i>map</i>", "parse_mode": "HTML"}
    saved = {"type": "document", "id": "d", "title": "Book", "document_file_id": file_id}
    seen = await ask(api, ann.inline("x"), results=[shown, saved])
    assert [(r.kind, r.title, r.preview) for r in seen.results] == [("photo", "Photo", "map"), ("document", "Book", "")]
    first = await ann.choose(seen.find("p"))
    assert (first.html, first.raw["photo"][-1]["file_id"], first.from_bot) == ("<i>map</i>", file_id, False)
    second = await ann.choose(seen.find("Book"))
    assert second.document is not None
    assert second.document["file_id"] == file_id


async def test_a_photo_by_url_is_sent_as_a_grey_stand_in_of_its_shape(api: Api, ann: PersonView) -> None:
    url = {"type": "photo", "id": "u", "photo_url": "https://a.example/b.jpg", "thumbnail_url": "https://a.example/c"}
    seen = await ask(
        api,
        ann.inline("x"),
        results=[{**url, "photo_width": 1000, "photo_height": 500, "caption": "far away"}],
    )
    sent = await ann.choose(seen.results[0])
    assert sent.photo is not None
    assert (sent.text, sent.photo[-1]["width"], sent.photo[-1]["height"]) == ("far away", 320, 160)


async def test_words_are_sent_instead_of_a_photo_that_says_so(api: Api, ann: PersonView) -> None:
    url = {"type": "photo", "id": "u", "photo_url": "https://a.example/b.jpg", "thumbnail_url": "https://a.example/c"}
    words = {"input_message_content": {"message_text": "words"}}
    seen = await ask(api, ann.inline("x"), results=[{**url, **words}])
    sent = await ann.choose(seen.results[0])
    assert (sent.text, sent.photo) == ("words", None)


@pytest.mark.parametrize(
    ("kind", "field", "becomes"),
    [
        ("audio", "audio_file_id", "audio"),
        ("video", "video_file_id", "video"),
        ("voice", "voice_file_id", "voice"),
        ("gif", "gif_file_id", "animation"),
        ("mpeg4_gif", "mpeg4_file_id", "animation"),
        ("sticker", "sticker_file_id", "sticker"),
    ],
)
async def test_files_of_every_kind_are_sent_by_their_ids(
    api: Api, ann: PersonView, kind: str, field: str, becomes: str
) -> None:
    file_id = (await photo(api, ann, tiny_png())).body["result"]["photo"][-1]["file_id"]
    result = {"type": kind, "id": "1", "title": "File", field: file_id}
    sent = await ann.choose((await ask(api, ann.inline("x"), results=[result])).results[0])
    assert sent.raw[becomes]["file_id"] == file_id


async def test_numbers_are_taken_for_texts_and_old_names_for_new_ones(api: Api, ann: PersonView) -> None:
    plain = {"type": "Article", "id": 7, "title": 12, "message_text": "<b>x</b>", "parse_mode": "html"}
    seen = await ask(api, ann.inline("x"), results=[{**plain, "disable_web_page_preview": True}])
    assert [(r.id, r.kind, r.title) for r in seen.results] == [("7", "article", "12")]
    sent = await ann.choose(seen.results[0])
    assert (sent.html, sent.raw["link_preview_options"]) == ("<b>x</b>", {"is_disabled": True})
