"""The documentation states what is there."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import _parser
from bot.ask import answer_one
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `(MARGINBOT_\w+)`", page, re.MULTILINE))
    documented |= set(re.findall(r"`(MARGINBOT_\w+)`", page))
    assert documented == {f"MARGINBOT_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commands.md").read_text()
    help_text = _parser().format_help()
    commands = re.search(r"\{(.*?)\}", help_text)
    assert commands is not None
    for command in commands[1].split(","):
        assert f"`marginbot {command}" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_exchange_in_the_readme_is_what_the_bot_says() -> None:
    answer = answer_one("long 0.5 btc 64k 20x iso, wallet 10k, liq?", now=datetime(2026, 11, 22, tzinfo=UTC))
    shown = "".join(f"    {line}".rstrip() + "\n" for line in answer["reply"].splitlines())
    assert shown in (ROOT / "README.md").read_text()


def test_the_make_targets_that_the_readme_names_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text())):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
