"""The image and its neighbours, as far as they can be held to the truth without Docker."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
_, BUILD, FINAL = DOCKERFILE.split("\nFROM ")
COMPOSE = (ROOT / "compose.yaml").read_text()


def command(instruction: str) -> list[str]:
    found = re.search(rf"^{instruction} .*?(\[.*\])$", FINAL, re.MULTILINE)
    assert found is not None, instruction
    return [str(word) for word in json.loads(found[1])]


def copied() -> list[tuple[str, str]]:
    return re.findall(r"^COPY (\S+) (\S+)$", BUILD, re.MULTILINE)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What the Dockerfile copies, laid out as it says, read-only like the image."""
    for source, target in copied():
        place = tmp_path / "image" / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    return tmp_path / "image"


def test_everything_that_the_image_copies_is_let_into_the_build() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignore[1] == "*"
    let_in = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    assert {source for source, _ in copied()} == let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_the_commands_of_the_image_work_on_what_it_copies(image: Path, tmp_path: Path) -> None:
    folder = re.search(r"^WORKDIR (\S+)$", FINAL, re.MULTILINE)
    assert folder is not None

    def run(words: list[str]) -> subprocess.CompletedProcess[str]:
        assert words[0] == "python"
        environment = {
            "PATH": os.environ["PATH"],
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MARGINBOT_TOKEN": "1234567:" + "t" * 35,
        }
        return subprocess.run(
            [sys.executable, *words[1:]],
            cwd=image / folder[1].lstrip("/"),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    start = command("ENTRYPOINT")
    assert run([*start, "--version"]).stdout == f"marginbot {__version__}\n"
    assert run([*start, "ask", "long 0.5 btc 64k 20x iso, wallet 10k"]).stdout.startswith("Isolated: liquidated at 61,")
    unwell = run(command("HEALTHCHECK"))
    assert (unwell.returncode, unwell.stdout) == (1, "")
    (tmp_path / "data" / "marginbot").mkdir(parents=True)
    (tmp_path / "data" / "marginbot" / "pulse-1234567").touch()
    assert run(command("HEALTHCHECK")).returncode == 0


def test_the_image_runs_without_root_pip_or_anything_unhashed() -> None:
    user = re.search(r"^USER (\d+):(\d+)$", FINAL, re.MULTILINE)
    assert user is not None
    assert min(int(part) for part in user.groups()) > 999
    assert "pip" not in FINAL
    installs = re.findall(r"\binstall\b.*", BUILD)
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--without-pip" in BUILD


def test_the_image_is_labelled_with_the_version_of_the_code() -> None:
    assert f'org.opencontainers.image.version="{__version__}"' in FINAL
    assert f'\nversion = "{__version__}"\n' in (ROOT / "pyproject.toml").read_text()


def test_every_release_that_can_be_installed_is_pinned_by_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
        pinned = [entry for entry in entries if not entry.startswith("#")]
        assert pinned
        assert all("==" in entry and "--hash=sha256:" in entry for entry in pinned)


def test_the_image_brings_the_driver_that_compose_asks_for() -> None:
    assert "postgresql+asyncpg://" in COMPOSE
    assert re.search(r"^asyncpg==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)


def services() -> dict[str, str]:
    """The services of compose.yaml, by name, as the lines below them."""
    block = COMPOSE.split("\nservices:\n")[1].split("\nnetworks:\n")[0]
    parts = re.split(r"^  (\w+):\n", block, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("name", ["bot", "database"])
def test_what_compose_starts_may_do_as_little_as_it_can(name: str) -> None:
    lines = [line.strip() for line in services()[name].splitlines()]
    assert "read_only: true" in lines
    assert "cap_drop: [ALL]" in lines
    assert 'security_opt: ["no-new-privileges:true"]' in lines
    assert not any(line.startswith(("ports:", "privileged:", "cap_add:")) for line in lines)


def test_compose_waits_for_a_database_that_says_it_is_ready_and_keeps_it_on_a_volume() -> None:
    bot, database = services()["bot"], services()["database"]
    assert "condition: service_healthy" in bot
    assert "pg_isready" in database
    volume = re.search(r"- (\w+):/var/lib/postgresql/data", database)
    assert volume is not None
    assert COMPOSE.split("\nvolumes:\n")[1].startswith(f"  {volume[1]}:")


def test_compose_names_settings_that_there_are_and_holds_no_secret() -> None:
    names = set(re.findall(r"MARGINBOT_(\w+)", COMPOSE))
    assert {name.lower() for name in names} <= set(Settings.model_fields)
    for name in ("MARGINBOT_TOKEN", "POSTGRES_PASSWORD"):
        assert all(value.startswith(f"${{{name}:?") for value in re.findall(rf"{name}: (.*)", COMPOSE))
    assert ":${POSTGRES_PASSWORD:?" in COMPOSE


def test_the_example_of_a_settings_file_shows_every_setting_and_its_default() -> None:
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert shown.pop("POSTGRES_PASSWORD") == ""
    defaults = {
        f"MARGINBOT_{name.upper()}": "" if field.is_required() or field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
        if field.default_factory is None
    }
    assert shown == {"MARGINBOT_DATABASE_URL": "", **defaults}


def test_the_example_of_a_settings_file_says_what_each_setting_is_for() -> None:
    blocks = (ROOT / ".env.example").read_text().split("\n\n")
    assert all(block.startswith("# ") for block in blocks)
    assert all(len(re.findall(r"^# ", block, re.MULTILINE)) >= 1 for block in blocks)
    assert not re.search(r"^[^#\n]", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_the_example_of_a_settings_file_changes_nothing_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("MARGINBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    plain = Settings()
    example = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(example)
    assert Settings() == plain
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z])", "", example, flags=re.MULTILINE))
    assert Settings() == plain
