"""The local chat, and the databases: a test that asks for `url` runs on each that this machine has."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.localchat import LocalChat
from tests.support.postgres import Server, programs

BACKENDS = ("sqlite", "postgresql") if programs() else ("sqlite",)
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for the whole run."""
    folder = programs()
    assert folder is not None
    server = Server(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return sqlite_url
    server: Server = request.getfixturevalue("postgres")
    return server.new_database(f"test{next(_numbers)}")


@pytest.fixture
async def chat() -> AsyncIterator[LocalChat]:
    """The local chat on a free port, with nothing kept."""
    chat = LocalChat("127.0.0.1:0")
    await chat.start()
    yield chat
    await chat.stop()
