"""The house's rules that a program can hold: import-linter's contracts, the engine's purity, the size of modules."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "margin_engine").rglob("*.py")])
LONGEST_MODULE = 400
CLOUDS = {"surface.py": {"numpy"}, "crowd.py": {"numpy"}, "fused.py": {"numpy", "numba"}}
"""What the extras of the engine are for, and nobody else's."""


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_imports_go_down_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", [path for path in MODULES if "margin_engine" in path.parts], ids=lambda p: p.name)
def test_the_engine_needs_nothing_but_the_standard_library(path: Path) -> None:
    assert imported(path) <= sys.stdlib_module_names | {"margin_engine"} | CLOUDS.get(path.name, set())


def test_the_extras_are_loaded_by_who_asks_for_clouds_alone() -> None:
    program = "import sys, margin_engine.__main__; print(sorted({'numpy', 'numba'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


def test_the_terminal_command_starts_without_telegram_and_database() -> None:
    program = (
        "import sys, bot.__main__, bot.ask; print(sorted({'telegram', 'sqlalchemy', 'aiohttp'} & sys.modules.keys()))"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
