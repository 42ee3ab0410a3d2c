"""The command `marginbot`; see docs/commands.md."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from typing import Final, NoReturn, TypeAlias

from bot import __version__
from bot.logs import begin

ANSWERED: Final = 0
FAULT: Final = 1
REFUSED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Result: 0 answered, 2 the input was refused (one line on stderr), 1 a fault of ours."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return ANSWERED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone; nobody is left to tell
        return ANSWERED


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def _parser() -> _Parser:
    parser = _Parser(
        prog="marginbot",
        description="Isolated or cross margin, and what happens to me in each? Without a command it runs the bot: "
        "on Telegram with MARGINBOT_TOKEN, without it in a local chat whose address it prints.",
    )
    parser.add_argument("--version", action="version", version=f"marginbot {__version__}")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    run = "runs the bot: on Telegram with MARGINBOT_TOKEN, else in a local chat whose address it prints"
    commands.add_parser("run", help=run, description=_sentence(run)).set_defaults(run=_run)
    _add_ask(commands)
    _add_localchat(commands)
    _add_db(commands)
    health = "says whether the bot that runs with these settings is at work; exit code 1 when it is not"
    commands.add_parser("health", help=health, description=_sentence(health)).set_defaults(run=_health)
    return parser


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _add_ask(commands: _Commands) -> None:
    what = "answers on the terminal, without Telegram and without saving anything"
    ask = commands.add_parser(
        "ask",
        help=what,
        description=_sentence(what),
        usage='marginbot ask "TEXT" [--book FILE] [--json] [--picture FILE]\n'
        "       marginbot ask --lines --json [--book FILE]",
    )
    ask.add_argument("text", nargs="?", metavar="TEXT", help="one message, as one would write it in the chat")
    ask.add_argument("--book", metavar="FILE", help='a book as for `python -m margin_engine`: the "current" account')
    ask.add_argument("--json", action="store_true", help="prints one object instead of the text")
    ask.add_argument("--trace", action="store_true", help="with --json: how the message was read, token by token")
    ask.add_argument("--picture", metavar="FILE", help="writes the picture of the answer there, as a PNG")
    ask.add_argument("--lines", action="store_true", help="reads one JSON string a line from standard input")
    ask.set_defaults(run=_ask)


def _add_localchat(commands: _Commands) -> None:
    what = "the local chat and its Bot API server alone, for any bot"
    localchat = commands.add_parser(
        "localchat",
        help=what,
        description=f"{_sentence(what)} Open the address that it prints in a browser, and start a bot with that "
        "address as the root of its Bot API and any token of the form 1234567:35 characters.",
    )
    localchat.add_argument(
        "--listen",
        metavar="HOST:PORT",
        help="an address of this machine; port 0 takes a free one (default: MARGINBOT_LOCAL_LISTEN, or 127.0.0.1:8080)",
    )
    localchat.add_argument(
        "--flood",
        action="store_true",
        help="answers 429 to a bot that sends too fast, as Telegram does "
        "(about 1 a second in a chat, 20 a minute in a group, 30 a second over all)",
    )
    localchat.set_defaults(run=_localchat)


def _add_db(commands: _Commands) -> None:
    what = "the database of these settings: brings it up to date, checks it, backs it up, restores it, moves it"
    doings = commands.add_parser("db", help=what, description=_sentence(what)).add_subparsers(
        title="commands", metavar="COMMAND", required=True, dest="doing"
    )
    doing: dict[str, _Parser] = {}
    for name, says in (
        ("upgrade", "brings the tables to the newest version, as the bot does when it starts"),
        ("check", "looks at the file, the tables and every document; exit code 1 when something is wrong"),
        ("backup", "copies a SQLite database into a new file, also while the bot runs"),
        ("restore", "puts a backup in the place of a SQLite database while no bot runs on it"),
        ("move", "copies everything into an empty database of another kind while no bot runs"),
    ):
        doing[name] = doings.add_parser(name, help=says, description=_sentence(says))
    doing["backup"].add_argument("file", metavar="FILE", help="a file that is not there yet")
    doing["restore"].add_argument("file", metavar="FILE", help="what `marginbot db backup` has written")
    doing["move"].add_argument(
        "--to", metavar="URL", required=True, help="postgresql+asyncpg://... or sqlite+aiosqlite:///..."
    )
    for parser in doing.values():
        parser.set_defaults(run=_db)


def _db(options: argparse.Namespace) -> int:
    from bot.db import main as db

    begin()
    return db(options)


def _ask(options: argparse.Namespace) -> int:
    from bot.ask import main as ask

    if options.lines == (options.text is not None) or (options.lines and not options.json):
        return _refuse("ask: needs either TEXT, or --lines with --json")
    if options.trace and not options.json:
        return _refuse("ask: --trace needs --json")
    if options.picture is not None and options.lines:
        return _refuse("ask: --picture needs TEXT")
    return ask(
        picture=options.picture, text=options.text, book=options.book, as_json=options.json, traced=options.trace
    )


def _run(_options: argparse.Namespace) -> int:
    from bot.app import run
    from bot.settings import SettingsError, load

    begin()
    try:
        asyncio.run(run(load()))
    except SettingsError as error:
        return _refuse(str(error))
    return ANSWERED


def _localchat(options: argparse.Namespace) -> int:
    from bot.localchat import ListenError, StateError, serve
    from bot.settings import SettingsError, load, local_address, local_state

    begin()
    try:
        address = local_address(options.listen) if options.listen else load().local_listen
        asyncio.run(serve(str(address), local_state(), flood=options.flood))
    except SettingsError as error:
        return _refuse(str(error))
    except (ListenError, StateError) as error:
        return _refuse(f"localchat: {error}")
    return ANSWERED


def _health(_options: argparse.Namespace) -> int:
    from bot.pulse import Pulse, ailment
    from bot.settings import SettingsError, load

    try:
        settings = load()
        wrong = ailment(settings)
    except SettingsError as error:
        return _refuse(str(error))
    if wrong is None:
        print("at work")
        for why, count in Pulse.of(settings).refused().items():
            print(f"taps refused, {why.replace('_', ' ')}: {count}")
        return ANSWERED
    print(wrong, file=sys.stderr)
    return FAULT


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
