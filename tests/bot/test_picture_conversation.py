"""Pictures over HTTP, from the question to the photo: at once when settings say so, and changed with the answer."""

from pathlib import Path

from bot.aside import Aside
from bot.localchat import LocalChat
from tests.bot.test_conversation import living


async def test_a_picture_follows_its_answer_and_changes_with_it(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path, Aside()) as bot:  # as `marginbot run` does
        ann = chat.person("Ann")
        await ann.send("/settings", bot=bot)
        card = await ann.next()
        await ann.tap(card, "Pictures")
        await ann.tap(await ann.settled(card), "at once, dark")
        await ann.settled(card)
        await ann.send("long 0.5 btc 64k 20x, wallet 10k")
        text = await ann.next(timeout=30)
        photo = await ann.next(timeout=30)
        assert text.text.startswith("Isolated: liquidated at 61,044.2")
        assert photo.photo is not None
        await ann.tap(photo, "Ladder")
        ladder = await ann.settled(photo, timeout=30)
        assert "• Ladder" in [button.text for button in ladder.flat_buttons()]
        await ann.send("10x")
        changed = await ann.wait_for(lambda message: message.text.startswith("Everything is gone by −10%"), timeout=30)
    now = ann.fresh(text)
    assert changed.id == photo.id
    assert now is not None
    assert now.text.startswith("Isolated: liquidated at 57,831.4")


async def test_a_picture_can_be_sent_on_through_inline_mode(chat: LocalChat, tmp_path: Path) -> None:
    async with living(chat, tmp_path) as bot:
        ann, ben = chat.person("Ann"), chat.person("Ben")
        desk = chat.group("Desk", ann, ben)
        assert not any(each.title == "Your last picture" for each in (await ann.inline("", bot=bot)).results)
        await ann.send("long 0.5 btc 64k 20x, wallet 10k", bot=bot)
        await ann.tap(await ann.next(), "Picture")
        photo = await ann.next(timeout=30)
        seen = await ann.inline("", bot=bot, chat=desk)
        offered = seen.find("Your last picture")
        assert offered.description.endswith("Only you see this until you send it.")
        sent = await ann.choose(offered, chat=desk)
        assert sent.photo is not None
        assert sent.text == photo.text
        assert [button.text for button in sent.flat_buttons()] == ["Ask your own", "Open in private"]
        assert not any(each.title == "Your last picture" for each in (await ben.inline("", bot=bot)).results)
