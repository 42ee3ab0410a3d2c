"""The command `marginbot`; see docs/commands.md."""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from bot import __version__

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


class _Parser(argparse.ArgumentParser):
    """A parser that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="marginbot",
        description="Isolated or cross margin, and what happens to me in each? Without a command it runs the bot: "
        "on Telegram with MARGINBOT_TOKEN, without it in a local chat whose address it prints.",
    )
    parser.add_argument("--version", action="version", version=f"marginbot {__version__}")
    parser.set_defaults(run=_run)
    commands = parser.add_subparsers(title="commands")
    commands.add_parser("run", help="runs the bot").set_defaults(run=_run)
    ask = commands.add_parser("ask", help="answers on the terminal, without Telegram and without saving anything")
    ask.add_argument("text", nargs="?", metavar="TEXT", help="one message, as one would write it in the chat")
    ask.add_argument("--book", metavar="FILE", help='a book as for `python -m margin_engine`: the "current" account')
    ask.add_argument("--json", action="store_true", help="prints one object instead of the text")
    ask.add_argument("--trace", action="store_true", help="with --json: how the message was read, token by token")
    ask.add_argument("--lines", action="store_true", help="reads one JSON string a line from standard input")
    ask.set_defaults(run=_ask)
    localchat = commands.add_parser("localchat", help="the local chat and its Bot API server alone, for any bot")
    localchat.add_argument("--listen", metavar="HOST:PORT", help="default: MARGINBOT_LOCAL_LISTEN, or 127.0.0.1:8080")
    localchat.set_defaults(run=_localchat)
    return parser


def _ask(options: argparse.Namespace) -> int:
    from bot.ask import main as ask

    if options.lines == (options.text is not None) or (options.lines and not options.json):
        return _refuse("ask: needs either TEXT, or --lines with --json")
    if options.trace and not options.json:
        return _refuse("ask: --trace needs --json")
    return ask(text=options.text, book=options.book, as_json=options.json, traced=options.trace)


def _run(_options: argparse.Namespace) -> int:
    from bot.app import run
    from bot.settings import SettingsError, load

    _log()
    try:
        asyncio.run(run(load()))
    except SettingsError as error:
        return _refuse(str(error))
    return ANSWERED


def _localchat(options: argparse.Namespace) -> int:
    from bot.localchat import ListenError, serve
    from bot.settings import SettingsError, load, local_address, local_state

    _log()
    try:
        address = local_address(options.listen) if options.listen else load().local_listen
        asyncio.run(serve(str(address), local_state()))
    except SettingsError as error:
        return _refuse(str(error))
    except ListenError as error:
        return _refuse(f"localchat: {error}")
    return ANSWERED


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return REFUSED


class _NoSecrets(logging.Formatter):
    """Whatever is logged, exceptions included, holds no bot token."""

    _token = re.compile(r"\d+:[A-Za-z0-9_-]{35}")

    def format(self, record: logging.LogRecord) -> str:
        return self._token.sub("<token>", super().format(record))


def _log() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_NoSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in ("alembic", "httpx", "aiohttp.access", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
