"""Pictures on the page: looked at in an overlay, sent with a caption."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, expect

from bot.localchat.driver import tiny_png
from tests.bot.localchat.browser.conftest import Bot
from tests.bot.localchat.browser.screen import Screen
from tests.bot.localchat.test_files import upload

pytestmark = pytest.mark.asyncio(loop_scope="session")
FILE: FilePayload = {"name": "photo.png", "mimeType": "image/png", "buffer": tiny_png()}


async def test_a_picture_opens_over_the_chat_and_closes_with_escape_or_its_button(screen: Screen, bot: Bot) -> None:
    await upload(
        bot,
        "sendPhoto",
        tiny_png(),
        field="photo",
        name="a.png",
        kind="image/png",
        chat_id=screen.ann,
        caption="A chart",
    )
    opener = screen.message("A chart").get_by_role("button", name="A chart")
    for close in ("Escape", "Close"):
        await opener.click()
        await expect(screen.dialog.get_by_role("img", name="A chart")).to_be_visible()
        await expect(screen.button("Close")).to_be_focused()
        await (screen.page.keyboard.press("Escape") if close == "Escape" else screen.button("Close").click())
        await expect(screen.dialog).to_have_count(0)
        await expect(opener).to_be_focused()


async def test_a_photo_is_looked_at_and_sent_with_a_caption(screen: Screen, bot: Bot) -> None:
    await screen.page.locator("#file").set_input_files(FILE)
    await expect(screen.dialog.get_by_role("img", name="Preview of photo.png")).to_be_visible()
    await screen.dialog.get_by_label("Caption").fill("my book")
    await screen.dialog.get_by_role("button", name="Send").click()
    heard = await bot.next("message")
    assert (heard["caption"], heard["photo"][-1]["width"]) == ("my book", 8)
    await expect(screen.message("my book").locator("img")).to_be_visible()


async def test_a_pasted_picture_is_offered_for_sending(screen: Screen) -> None:
    await screen.box.evaluate(
        """(box, bytes) => {
            const carried = new DataTransfer();
            carried.items.add(new File([new Uint8Array(bytes)], "clip.png", { type: "image/png" }));
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
        }""",
        list(tiny_png()),
    )
    await expect(screen.dialog.get_by_role("img", name="Preview of clip.png")).to_be_visible()
    await screen.dialog.get_by_role("button", name="Cancel").click()
    await expect(screen.dialog).to_have_count(0)


async def test_an_album_is_one_block_of_two_columns_and_shrinks_when_a_part_is_deleted(
    screen: Screen, bot: Bot
) -> None:
    sent = await upload(bot, "sendPhoto", tiny_png(), field="photo", name="a.png", kind="image/png", chat_id=screen.ann)
    photo = sent.body["result"]["photo"][-1]["file_id"]
    media = [{"type": "photo", "media": photo, "caption": words} for words in ("three", "", "")]
    parts = await bot.ok("sendMediaGroup", chat_id=screen.ann, media=media)
    album = screen.message("three")
    await expect(album.get_by_role("button", name="hoto")).to_have_count(2)
    await expect(album.locator(".album .photo")).to_have_count(3)
    widths = await album.locator(".album .photo").evaluate_all("nodes => nodes.map(node => node.offsetWidth)")
    assert widths[1] == widths[2]
    assert widths[0] > 1.9 * widths[1]
    await bot.ok("deleteMessage", chat_id=screen.ann, message_id=parts[1]["message_id"])
    await expect(album.locator(".album .photo")).to_have_count(2)
    await screen.message_menu("three", "Delete")
    await expect(album).to_have_count(0)


async def test_times_stand_beside_places_and_buttons_are_as_wide_as_their_photo(screen: Screen, bot: Bot) -> None:
    await bot.ok("sendLocation", chat_id=screen.ann, latitude=51.4779, longitude=-0.0015)
    place = screen.message("51.4779")
    label, time = await screen.area(place.locator(".label")), await screen.area(place.locator(".meta"))
    assert time["x"] >= label["x"] + label["width"]
    await upload(
        bot,
        "sendPhoto",
        tiny_png(),
        field="photo",
        name="a.png",
        kind="image/png",
        chat_id=screen.ann,
        caption="narrow",
        reply_markup='{"inline_keyboard": [[{"text": "Refresh", "callback_data": "r"}]]}',
    )
    photo = screen.message("narrow")
    keys = await screen.area(photo.locator(".keyboard"))
    assert keys["width"] == (await screen.area(photo.locator(".bubble")))["width"]
    await bot.say("after it", chat=screen.ann)
    await expect(screen.message("after it")).to_be_in_viewport(ratio=1)
    keys = await screen.area(photo.locator(".keyboard"))
    after = await screen.area(screen.message("after it").locator(".bubble"))
    assert after["y"] - (keys["y"] + keys["height"]) >= 4


async def test_a_file_is_sent_as_a_document_and_the_bot_downloads_it(screen: Screen, bot: Bot) -> None:
    table: FilePayload = {"name": "book.csv", "mimeType": "text/csv", "buffer": b"symbol,size\nBTCUSDT,0.5\n"}
    await screen.page.locator("#file").set_input_files(table)
    await expect(screen.dialog).to_contain_text("book.csv")
    await screen.dialog.get_by_label("Caption").fill("/import")
    await screen.dialog.get_by_role("button", name="Send").click()
    heard = await bot.next("message")
    assert (heard["caption"], heard["document"]["file_name"], heard["document"]["file_size"]) == (
        "/import",
        "book.csv",
        24,
    )
    found = await bot.ok("getFile", file_id=heard["document"]["file_id"])
    async with bot.session.get(f"{bot.url}/file/bot{bot.token}/{found['file_path']}") as answer:
        assert await answer.read() == table["buffer"]
    await expect(screen.message("/import").get_by_role("link", name="book.csv")).to_be_visible()


async def test_an_empty_or_a_large_file_is_not_sent(screen: Screen) -> None:
    for size, said in ((0, "This file is empty"), (10 * 1024 * 1024 + 1, "A file can be 10 MB at most")):
        await screen.page.locator("#file").set_input_files(
            {"name": "book.csv", "mimeType": "text/csv", "buffer": b"x" * size}
        )
        await expect(screen.page.get_by_text(said)).to_be_visible()
        await expect(screen.dialog).to_have_count(0)
