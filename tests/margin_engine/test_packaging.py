"""The engine can be installed alone: its own package description agrees with the whole project's."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def described(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


WHOLE = described(ROOT / "pyproject.toml")
ALONE = described(ROOT / "packaging" / "margin_engine" / "pyproject.toml")


def test_the_engine_alone_needs_nothing_and_has_the_same_version_and_extras() -> None:
    assert ALONE["project"]["dependencies"] == []
    for field in ("version", "requires-python", "license"):
        assert ALONE["project"][field] == WHOLE["project"][field]
    extras = ALONE["project"]["optional-dependencies"]
    assert extras == {name: WHOLE["project"]["optional-dependencies"][name] for name in extras}


def test_every_file_of_the_engine_is_packed() -> None:
    patterns = [*ALONE["tool"]["setuptools"]["package-data"]["*"], "*.py"]
    packed = [
        path for path in (ROOT / "margin_engine").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [path.name for path in packed if not any(fnmatch(path.name, pattern) for pattern in patterns)] == []
