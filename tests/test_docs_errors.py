"""docs/errors.md lists what stops the start: every line is provoked here, and every line of the page occurs."""

import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import run
from bot.localchat import LocalChat
from bot.localchat.store import Store as ChatState
from bot.settings import SettingsError, load, local_state
from bot.storage.store import Store
from tests.support.bots import TOKEN

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "errors.md").read_text()
STOPS, GOES_ON = (set(re.findall(r"^\| `(.+?)` \|", part, re.MULTILINE)) for part in PAGE.split("\n## ")[1:])
HOOK = {"TOKEN": TOKEN, "WEBHOOK_URL": "https://bot.example/hook", "WEBHOOK_SECRET": "s", "LISTEN": "127.0.0.1:0"}
SETTINGS = [
    (
        {"TOKEN": "12345:short"},
        "MARGINBOT_TOKEN: must be a bot token as @BotFather gives it: digits, a colon, 35 characters",
    ),
    ({**HOOK, "TOKEN": ""}, "MARGINBOT_TOKEN: is needed for webhooks"),
    ({"API_URL": "telegram"}, "MARGINBOT_API_URL: must start with http:// or https:// and name a server"),
    (
        {"DATABASE_URL": "postgres://somebody@127.0.0.1/db"},
        "MARGINBOT_DATABASE_URL: must start with sqlite+aiosqlite:/// or postgresql+asyncpg://",
    ),
    (
        {"TOKEN": TOKEN, "DATABASE_URL": "postgresql+asyncpg://ann:p@ss:word@127.0.0.1/db"},
        "MARGINBOT_DATABASE_URL: its address cannot be read: …",
    ),
    (
        {"WEBHOOK_URL": "https://bot.example"},
        "MARGINBOT_WEBHOOK_URL: must be a public address with a path, for example https://bot.example.org/telegram",
    ),
    ({**HOOK, "WEBHOOK_URL": ""}, "MARGINBOT_WEBHOOK_URL: is needed too, for webhooks"),
    (
        {**HOOK, "WEBHOOK_URL": "https://bot.example/%6detrics"},
        "MARGINBOT_WEBHOOK_URL: must not have the path …, which is the bot's own",
    ),
    ({"WEBHOOK_SECRET": "a b"}, "MARGINBOT_WEBHOOK_SECRET: must be 1 to 256 of the characters A-Z a-z 0-9 _ -"),
    ({**HOOK, "WEBHOOK_SECRET": ""}, "MARGINBOT_WEBHOOK_SECRET: is needed too, for webhooks"),
    ({"LISTEN": "8443"}, "MARGINBOT_LISTEN: must be HOST:PORT, for example 127.0.0.1:8080"),
    ({**HOOK, "LISTEN": ""}, "MARGINBOT_LISTEN: is needed too, for webhooks"),
    ({"LOCAL_LISTEN": "8080"}, "MARGINBOT_LOCAL_LISTEN: must be HOST:PORT, for example 127.0.0.1:8080"),
    (
        {"LOCAL_LISTEN": "0.0.0.0:8080"},
        "MARGINBOT_LOCAL_LISTEN: must be an address of this machine only (127.0.0.1, [::1] or localhost)",
    ),
    ({"QUESTIONS_A_MINUTE": "few"}, "MARGINBOT_QUESTIONS_A_MINUTE: must be a whole number, 0 for no limit"),
    (
        {"ADMIN_CHAT": "@admins"},
        "MARGINBOT_ADMIN_CHAT: must be the id of a chat, for example 123456789 or -1001234567890",
    ),
    ({"PACING": "fast"}, "MARGINBOT_PACING: input should be 'telegram' or 'off'"),
]
COMMANDS = [
    (
        ["localchat", "--listen", "0.0.0.0:1"],
        "--listen: must be an address of this machine only (127.0.0.1, [::1] or localhost)",
    ),
    (["localchat", "--listen", "1"], "--listen: must be HOST:PORT, for example 127.0.0.1:8080"),
    (["ask"], "ask: needs either TEXT, or --lines with --json"),
    (["ask", "long btc", "--book", "/nowhere/book.json"], "…: No such file or directory"),
]
DATABASE = "MARGINBOT_DATABASE_URL: "
NO_DRIVER = f"{DATABASE}needs the package asyncpg: install marginbot[postgres]"
IN_USE = f"{DATABASE}another marginbot is running on this database (…)"
NO_FOLDER = f"{DATABASE}cannot use the database file: …"
LATER = f"{DATABASE}its tables are of a later version than this program's"
NO_DATABASE = f"{DATABASE}cannot open the database: …"
REFUSED_TOKEN = "MARGINBOT_TOKEN: the Bot API server refuses this token"
REFUSED_HOOK = "MARGINBOT_WEBHOOK_URL: the Bot API server does not take it: …"
TAKEN_HOOK = "MARGINBOT_LISTEN: cannot listen on …"
TAKEN_CHAT = "MARGINBOT_LOCAL_LISTEN: cannot listen on …: the address is in use"
TAKEN_ALONE = "localchat: cannot listen on …: the address is in use"
CHAT_IN_USE = "localchat: another local chat keeps its state in …"
NO_CHAT_STATE = "localchat: cannot use the state file …"
NOT_UNDERSTOOD = "marginbot: …"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("MARGINBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield f"127.0.0.1:{other.getsockname()[1]}"


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    chat = LocalChat("127.0.0.1:0")
    await chat.start()
    yield chat
    await chat.stop()


def fits(said: str, documented: str) -> bool:
    return re.fullmatch(".+".join(re.escape(part) for part in documented.split("…")), said) is not None


async def refusal(monkeypatch: pytest.MonkeyPatch, **given: str) -> str:
    """What stops a bot with these settings."""
    for name, value in {"LOCAL_LISTEN": "127.0.0.1:0", **given}.items():
        monkeypatch.setenv(f"MARGINBOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        await run(load())
    return str(caught.value)


def test_the_page_lists_what_is_provoked_here_and_nothing_else() -> None:
    provoked = {line for _, line in [*SETTINGS, *COMMANDS]}
    provoked |= {NO_DRIVER, IN_USE, NO_FOLDER, NO_DATABASE, LATER, REFUSED_TOKEN, REFUSED_HOOK}
    assert provoked | {TAKEN_HOOK, TAKEN_CHAT, TAKEN_ALONE, CHAT_IN_USE, NO_CHAT_STATE, NOT_UNDERSTOOD} == STOPS


@pytest.mark.parametrize(("given", "line"), SETTINGS, ids=[line for _, line in SETTINGS])
def test_a_wrong_setting_stops_the_start_with_the_line_of_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: dict[str, str], line: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"MARGINBOT_{name}", value)
    assert main(["run"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert fits(err.removesuffix("\n"), line)


@pytest.mark.parametrize(("words", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_a_wrong_command_is_answered_with_the_line_of_the_page(
    capsys: pytest.CaptureFixture[str], words: list[str], line: str
) -> None:
    assert main(words) == 2
    assert fits(capsys.readouterr().err.removesuffix("\n"), line)


def test_an_unknown_command_is_answered_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["juggle"])
    assert ended.value.code == 2
    assert fits(capsys.readouterr().err.removesuffix("\n"), NOT_UNDERSTOOD)


def test_the_local_chat_alone_says_when_its_address_is_taken(capsys: pytest.CaptureFixture[str], taken: str) -> None:
    assert main(["localchat", "--listen", taken]) == 2
    assert fits(capsys.readouterr().err.removesuffix("\n"), TAKEN_ALONE)


async def test_the_bot_says_when_the_local_chats_address_is_taken(monkeypatch: pytest.MonkeyPatch, taken: str) -> None:
    assert fits(await refusal(monkeypatch, LOCAL_LISTEN=taken), TAKEN_CHAT)


async def test_a_state_file_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    local_state().parent.mkdir(parents=True, exist_ok=True)
    local_state().write_text("Dear Sir or Madam, " * 100)
    assert fits(await refusal(monkeypatch), NO_CHAT_STATE)
    local_state().unlink()
    other = LocalChat("127.0.0.1:0", local_state())
    await other.start()
    assert fits(await refusal(monkeypatch), CHAT_IN_USE)
    await other.stop()


def test_the_local_chat_alone_says_when_its_state_file_is_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    other = ChatState(local_state())
    assert main(["localchat", "--listen", "127.0.0.1:0"]) == 2
    assert fits(capsys.readouterr().err.removesuffix("\n"), CHAT_IN_USE)
    other.close()


async def test_a_database_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear Sir or Madam, " * 100)
    assert fits(await refusal(monkeypatch, DATABASE_URL=f"sqlite+aiosqlite:///{letter}"), NO_DATABASE)
    assert fits(await refusal(monkeypatch, DATABASE_URL=f"sqlite+aiosqlite:///{letter}/in/it.db"), NO_FOLDER)
    mine = f"sqlite+aiosqlite:///{tmp_path / 'mine.db'}"
    store = await Store.open(mine)
    assert fits(await refusal(monkeypatch, DATABASE_URL=mine), IN_USE)
    async with store._writing.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    await store.close()
    assert await refusal(monkeypatch, DATABASE_URL=mine) == LATER
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert await refusal(monkeypatch, DATABASE_URL="postgresql+asyncpg://somebody:secret@127.0.0.1/x") == NO_DRIVER


async def test_what_the_server_or_the_machine_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, chat: LocalChat, taken: str
) -> None:
    chat.fault(method="getMe", kind="status", value=401, description="Unauthorized")
    assert await refusal(monkeypatch, TOKEN=TOKEN, API_URL=chat.url) == REFUSED_TOKEN
    hook = {**HOOK, "API_URL": chat.url, "WEBHOOK_URL": "http://127.0.0.1/hook"}
    assert fits(await refusal(monkeypatch, **hook | {"LISTEN": taken}), TAKEN_HOOK)
    chat.fault(method="setWebhook", kind="status", value=400, description="Bad Request: bad webhook: no")
    assert fits(await refusal(monkeypatch, **hook), REFUSED_HOOK)


def test_the_log_lines_of_the_page_are_in_the_code() -> None:
    code = "".join(
        path.read_text() for room in ("transport", "services", "storage") for path in (ROOT / "bot" / room).glob("*.py")
    )
    assert GOES_ON
    for line in GOES_ON:
        assert all(part in code for part in line.split("…")), line
