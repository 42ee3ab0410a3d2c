"""The wheel that `pip install .` makes holds everything that the code reads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot import __version__

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "margin_engine")


def run(*words: str | Path, **environment: str) -> str:
    return subprocess.run(
        words, env={**os.environ, **environment}, capture_output=True, text=True, check=True, timeout=100
    ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, folder / "source" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / "source")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, folder / "source")
    return next(folder.glob("*.whl"))


def test_every_file_that_the_code_reads_is_in_the_wheel(wheel: Path) -> None:
    here = {
        str(path.relative_to(ROOT))
        for name in PACKAGES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".md")
    }
    inside = {name for name in ZipFile(wheel).namelist() if name.startswith(tuple(f"{name}/" for name in PACKAGES))}
    assert inside == here


def test_the_installed_command_answers(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-index", "--no-deps", "--target", target, wheel)
    command = target / "bin" / "marginbot"
    assert run(command, "--version", PYTHONPATH=str(target)) == f"marginbot {__version__}\n"
    answer = run(command, "ask", "long 0.5 btc 64k 20x iso, wallet 10k", PYTHONPATH=str(target))
    assert answer.startswith("Isolated: liquidated at 61,044.2, 4.6% below entry.\n")
