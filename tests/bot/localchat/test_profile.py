"""What a bot says about itself, and what it can learn about chats."""

from __future__ import annotations

import pytest

from bot.localchat import PersonView
from tests.bot.localchat.conftest import Api


async def test_commands_are_kept_by_scope_and_language(api: Api) -> None:
    english, german = [{"command": "help", "description": "help"}], [{"command": "help", "description": "Hilfe"}]
    await api.ok("setMyCommands", commands=english)
    await api.ok("setMyCommands", commands=german, scope={"type": "all_private_chats"}, language_code="de")
    assert await api.ok("getMyCommands") == english
    assert await api.ok("getMyCommands", language_code="de") == []
    assert await api.ok("getMyCommands", scope={"type": "all_private_chats"}, language_code="de") == german
    await api.ok("deleteMyCommands")
    assert await api.ok("getMyCommands") == []


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")],
)
async def test_texts_are_kept_by_language_with_a_fallback(api: Api, name: str, parameter: str) -> None:
    await api.ok(f"setMy{name}", **{parameter: "Margin"})
    await api.ok(f"setMy{name}", **{parameter: "Marge"}, language_code="de")
    assert await api.ok(f"getMy{name}", language_code="de") == {parameter: "Marge"}
    assert await api.ok(f"getMy{name}", language_code="fr") == {parameter: "Margin"}
    await api.ok(f"setMy{name}", language_code="de")
    assert await api.ok(f"getMy{name}", language_code="de") == {parameter: "Margin"}
    assert (await api.call(f"setMy{name}", **{parameter: "x" * 513})).status == 400


async def test_the_name_is_shown_by_get_me_and_on_messages(api: Api, ann: PersonView) -> None:
    await api.ok("setMyName", name="Margin")
    assert (await api.ok("getMe"))["first_name"] == "Margin"
    sent = await api.ok("sendMessage", chat_id=ann.id, text="x")
    assert sent["from"]["first_name"] == "Margin"


async def test_a_private_chat_and_its_members_can_be_asked_for(api: Api, ann: PersonView) -> None:
    found = await api.ok("getChat", chat_id=ann.id)
    assert (found["id"], found["type"], found["first_name"]) == (ann.id, "private", "Ann")
    member = await api.ok("getChatMember", chat_id=ann.id, user_id=ann.id)
    assert (member["status"], member["user"]["language_code"]) == ("member", "en")
    unknown = (await api.call("getChatMember", chat_id=ann.id, user_id=5)).refusal
    assert unknown == (400, "Bad Request: invalid user_id specified")


async def test_log_out_and_close_are_taken(api: Api) -> None:
    assert await api.ok("logOut") is True
    assert await api.ok("close") is True
