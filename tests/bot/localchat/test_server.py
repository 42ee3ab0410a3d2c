"""The door: addresses, tokens, hosts, origins, forms of parameters, unknown methods."""

from __future__ import annotations

import socket

import aiohttp
import pytest

from bot.localchat import BotView, ListenError, LocalChat, PersonView
from tests.bot.localchat.conftest import OTHER_TOKEN, TOKEN, Answer, Api


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "192.168.1.2:80", "example.org:80", "8080", ":8080", ""])
def test_only_loopback_addresses_are_listened_on(listen: str) -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1, localhost or"):
        LocalChat(listen)


@pytest.mark.parametrize("listen", ["127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:²"])
def test_a_port_is_a_number(listen: str) -> None:
    with pytest.raises(ValueError, match="a port is a number from 0 to 65535"):
        LocalChat(listen)


async def test_a_taken_address_is_one_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=f"cannot listen on 127.0.0.1:{port}: the address is in use"):
            await LocalChat(f"127.0.0.1:{port}").start()


async def test_a_chat_starts_again_after_it_stopped() -> None:
    chat = LocalChat("localhost:0")
    first = await chat.start()
    await chat.stop()
    assert first.startswith("http://127.0.0.1:")
    await chat.start()
    await chat.stop()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"])
async def test_a_foreign_host_header_is_turned_away(api: Api, host: str) -> None:
    headers = {"Host": host.format(port=api.url.rsplit(":", 1)[1])}
    for path in ("/", "/page/everyone", f"/bot{TOKEN}/getMe"):
        async with api.session.get(api.url + path, headers=headers) as response:
            assert response.status == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
async def test_the_own_names_are_let_in(api: Api, host: str) -> None:
    headers = {"Host": f"{host}:{api.url.rsplit(':', 1)[1]}"}
    async with api.session.get(f"{api.url}/bot{TOKEN}/getMe", headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://localhost"])
async def test_another_sites_page_cannot_call(api: Api, origin: str) -> None:
    headers = {"Origin": origin.format(port=api.url.rsplit(":", 1)[1])}
    async with api.session.get(f"{api.url}/bot{TOKEN}/getMe", headers=headers) as response:
        assert response.status == 403


async def test_a_picture_or_link_on_another_site_cannot_call_but_open_the_page(api: Api) -> None:
    for site in ("cross-site", "same-site"):  # what browsers say of requests that come without an Origin
        for path in (f"/bot{TOKEN}/getMe", f"/file/bot{TOKEN}/photos/x", "/page/everyone", "/static/main.js"):
            async with api.session.get(api.url + path, headers={"Sec-Fetch-Site": site}) as response:
                assert response.status == 403
        async with api.session.get(f"{api.url}/", headers={"Sec-Fetch-Site": site}) as response:
            assert response.status == 200
    async with api.session.get(f"{api.url}/page/everyone", headers={"Sec-Fetch-Site": "same-origin"}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("token", "code", "text"),
    [
        ("123456:short", 401, "Unauthorized"),
        ("123456:" + "a" * 36, 401, "Unauthorized"),
        ("123456:" + "a" * 34 + "!", 401, "Unauthorized"),
        ("nonsense", 404, "Not Found"),
        ("", 404, "Not Found"),
    ],
)
async def test_other_tokens_are_refused_as_telegram_does(api: Api, token: str, code: int, text: str) -> None:
    api.token = token
    assert (await api.call("getMe")).refusal == (code, text)


async def test_every_token_of_telegrams_form_is_a_bot_of_its_own(chat: LocalChat, api: Api) -> None:
    first = await api.ok("getMe")
    second = await Api(chat.url, api.session, OTHER_TOKEN).ok("getMe")
    assert (first["id"], second["id"]) == (123456, 777)
    assert first["is_bot"] is True
    assert first["username"] != second["username"]


@pytest.mark.parametrize("name", ["getMe", "getme", "GETME"])
async def test_methods_are_found_in_any_case(api: Api, name: str) -> None:
    assert (await api.ok(name))["id"] == 123456


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    assert (await api.call("sendNonsense")).refusal == (404, "Not Found")
    api.session.headers.clear()
    async with api.session.get(f"{api.url}/bot{TOKEN}") as response:
        assert response.status == 404


async def test_a_known_method_that_is_not_emulated_says_so(api: Api) -> None:
    code, text = (await api.call("sendPoll", chat_id=1, question="?", options=[])).refusal
    assert code == 501
    assert "sendPoll" in text


async def test_parameters_come_by_query_form_multipart_or_json(api: Api, chat: LocalChat, bot: BotView) -> None:
    ann = chat.person("Ann")
    await ann.send("hi")
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    text = {"chat_id": str(ann.id), "text": "ä 😀 & +"}
    multipart = aiohttp.FormData(text, default_to_multipart=True)
    for request in (
        api.session.get(url, params=text),
        api.session.post(url, data=text),
        api.session.post(url, data=multipart),
        api.session.post(url, json={"chat_id": ann.id, "text": text["text"]}),
        api.session.post(url, params={"chat_id": str(ann.id)}, data={"text": text["text"]}),
    ):
        async with request as response:
            assert response.status == 200
            assert (await response.json())["result"]["text"] == "ä 😀 & +"
    assert len([message for message in ann.messages if message.from_bot]) == 5


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"{", "application/json", "expected parameter name"),
        (b'{"a" 1}', "application/json", "can't parse object"),
        (b"x", "application/json", "JSON object expected"),
        (b"[]", "application/json", "JSON object expected"),
        (b'{"a": NaN}', "application/json", "can't parse object"),
        (b'{"a": ' * 100_000, "application/json", "can't parse object"),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b", "can't parse the multipart form"),
        (b"text=%ff\xff", "application/x-www-form-urlencoded", "strings must be encoded in UTF-8"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(api: Api, body: bytes, kind: str, problem: str) -> None:
    headers = {"Content-Type": kind}
    async with api.session.post(f"{api.url}/bot{TOKEN}/getMe", data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["description"] == f"Bad Request: {problem}"


async def test_a_body_that_is_broken_on_its_way_is_answered_in_json_and_logged(chat: LocalChat, api: Api) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with api.session.post(f"{api.url}/bot{TOKEN}/getMe", data=b"no gzip", headers=headers) as response:
        assert Answer(response.status, await response.json()).refusal == (500, "Internal Server Error")
    assert chat.calls[-1].status == 500


async def test_a_body_that_is_too_large_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.localchat.server.LARGEST_BODY", 1000)
    small = LocalChat("127.0.0.1:0")
    api.url = await small.start()
    assert (await api.call("sendMessage", text="x" * 1000)).refusal == (413, "Request Entity Too Large")
    form = aiohttp.FormData({"text": "x" * 1000}, default_to_multipart=True)
    async with api.session.post(f"{api.url}/bot{TOKEN}/sendMessage", data=form) as response:
        assert Answer(response.status, await response.json()).refusal == (413, "Request Entity Too Large")
    await small.stop()


async def test_a_part_of_a_form_may_name_its_type(api: Api, ann: PersonView) -> None:
    form = aiohttp.FormData({"chat_id": str(ann.id), "text": "x"}, default_to_multipart=True)
    form.add_field(
        "reply_markup",
        '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}',
        content_type="application/json",
    )
    async with api.session.post(f"{api.url}/bot{TOKEN}/sendMessage", data=form) as response:
        assert response.status == 200
    assert ann.messages[-1].find("Go") is not None


async def test_the_log_of_calls_names_methods_and_never_holds_a_token(chat: LocalChat, api: Api) -> None:
    await api.ok("setWebhook", url="", secret_token="hush", nonsense=1)
    await api.call("sendMessage", chat_id=5, text="x")
    first, second = chat.calls
    assert (first.method, first.status, first.params["secret_token"]) == ("setWebhook", 200, "***")
    assert first.unknown_parameters == ("nonsense",)
    assert (second.status, second.description) == (400, "Bad Request: chat not found")
    assert "a" * 35 not in repr(chat.calls)
