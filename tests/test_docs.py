"""The documentation states what is there."""

import argparse
import json
import re
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import _parser
from bot.app import profile
from bot.ask import answer_one
from bot.flows.admin import COMMANDS
from bot.localchat import LocalChat
from bot.localchat.methods import HANDLERS
from bot.localchat.spec import methods
from bot.settings import Settings
from tests.bot.flows.talk import Talk

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text()


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `(MARGINBOT_\w+)`", page, re.MULTILINE))
    documented |= set(re.findall(r"`(MARGINBOT_\w+)`", page))
    assert documented == {f"MARGINBOT_{name.upper()}" for name in Settings.model_fields}


def commands() -> dict[str, argparse.ArgumentParser]:
    found = next(action for action in _parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


def options(parser: argparse.ArgumentParser) -> set[str]:
    """The long options of a command and of the commands in it."""
    inside = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    own = {option for action in parser._actions for option in action.option_strings if len(option) > 2}
    return own.union(*(options(each) for action in inside for each in action.choices.values()))


def test_every_command_is_documented_with_its_options_and_no_other_is() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    assert set(re.findall(r"`marginbot ([a-z]+)", page)) == set(commands())
    for name, parser in commands().items():
        described = " ".join(re.findall(rf"`marginbot {name}\b[^`]*`", page))
        assert options(parser) - {"--help"} == set(re.findall(r"--[a-z]+", described)), name


def test_the_page_on_commands_lists_the_menu_in_its_order_and_words() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    rows = re.findall(r"^\| /(\w+) \| (.*?) \|(?: (group)? ?\| .*)$", page, re.MULTILINE)
    menu = profile()
    assert [(name, said) for name, said, _ in rows] == list(menu.commands.items())
    assert {name for name, _, group in rows if group} == set(menu.group_commands)


def test_the_page_on_commands_lists_those_of_the_admin_chat() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    rows = dict(re.findall(r"^\| /(\w+) \| ([^|:]*?)(?:: `[^|]*)? \|$", page, re.MULTILINE))
    listed = {name: said for name, said in rows.items() if name in COMMANDS}
    assert listed == profile().admin_commands
    assert tuple(listed) == COMMANDS


def test_every_command_and_example_of_the_page_is_known_to_the_bot() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    typed = re.findall(r"^\| /(\w+)()", page, re.MULTILINE) + re.findall(r"`/(\w+) ([^`]+)`", page)
    assert len(typed) > 25
    for name, words in typed:
        if name in profile().admin_commands:
            continue
        said = Talk().command(name, words)
        assert said
        assert not said.startswith("I do not know"), f"/{name} {words}"


@pytest.mark.parametrize("name", ["", *commands()])
def test_every_command_explains_itself_in_lines_that_fit_a_terminal(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = (commands()[name] if name else _parser()).format_help()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert text.startswith(f"usage: marginbot {name}".rstrip())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    for target, heading in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", text):
        if "://" in target:
            continue
        there = page.parent / target if target else page
        assert there.exists(), f"{page.name} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_pictures_of_a_page_are_there(page: Path) -> None:
    text = page.read_text()
    shown = re.findall(r'(?:src|srcset)="([^"]+)"', text) + re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert all((page.parent / picture).is_file() for picture in shown), shown


def test_the_exchange_in_the_readme_is_what_the_bot_says() -> None:
    answer = answer_one("long 0.5 btc 64k 20x iso, wallet 10k, liq?", now=datetime(2026, 11, 22, tzinfo=UTC))
    shown = "".join(f"    {line}".rstrip() + "\n" for line in answer["reply"].splitlines())
    assert shown in README


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_the_make_targets_that_a_page_names_are_there(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"(?:`|^ *)make ([a-z]+)", (ROOT / page).read_text(), re.MULTILINE))
    assert named
    for target in named:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def test_ci_runs_what_the_readme_asks_of_a_change() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make check"
    assert "`make check` is what a change has to pass" in README
    check = re.search(r"^check: (.*?) ##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert check is not None
    assert "test" in check[1].split()


def test_the_map_of_the_house_names_every_room() -> None:
    rooms = set(re.findall(r"^\| (.*?) \|", README.split("## The map of the house")[1], re.MULTILINE))
    named = {name.strip("`/") for room in rooms for name in room.split(", ") if "`" in name}
    packages = {str(path.parent.relative_to(ROOT)) for path in (ROOT / "bot").glob("*/__init__.py")}
    assert named == {"margin_engine", "tests", "benchmarks", "examples", "docs"} | packages
    assert all((ROOT / name).is_dir() for name in named)
    inside = set(re.findall(r"`(\w+)/` \(", README))
    assert inside == {path.parent.name for path in (ROOT / "margin_engine").glob("*/__init__.py")}


def test_the_commands_of_the_readme_work_as_they_stand(tmp_path: Path) -> None:
    lines = [line[4:] for line in README.splitlines() if line.startswith("    ")]
    typed = "\n".join(lines).replace(".venv/bin/python", sys.executable)
    asked = re.search(rf"^{re.escape(sys.executable)} -m bot ask .*$", typed, re.MULTILINE)
    piped = re.search(r"^echo '(?s:.*?) -m margin_engine evaluate$", typed, re.MULTILINE)
    assert asked is not None
    assert piped is not None
    done = [
        subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True)
        for line in (asked[0], piped[0])
    ]
    assert "Short 2 ETH at 3,200, 20x" in done[0].stdout
    assert json.loads(done[1].stdout)["positions"][0]["liquidation_price"].startswith("61044.17")


def test_the_page_on_the_local_chat_lists_what_is_emulated_and_what_is_not() -> None:
    known = {method.name for method in methods().values()}
    emulated = {methods()[name].name for name in HANDLERS}
    blocks = re.findall(r"^```text\n(.*?)^```$", (ROOT / "docs" / "localchat.md").read_text(), re.MULTILINE | re.DOTALL)
    assert [block.split() for block in blocks] == [sorted(emulated), sorted(known - emulated)], "\n\n".join(
        textwrap.fill(" ".join(sorted(names)), 118) for names in (emulated, known - emulated)
    )


async def test_the_example_call_of_the_page_on_the_local_chat_is_answered() -> None:
    page = (ROOT / "docs" / "localchat.md").read_text()
    example = re.search(r"^    curl http://127\.0\.0\.1:8080(/bot\S+)$", page, re.MULTILINE)
    assert example is not None
    chat = LocalChat("127.0.0.1:0")
    root = await chat.start()
    async with aiohttp.ClientSession() as session, session.get(root + example[1]) as response:
        assert (await response.json())["result"]["username"] == "local_1234567_bot"
    assert "`local_ID_bot`" in page
    await chat.stop()
