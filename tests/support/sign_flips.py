"""Does every sign matter to some test? Flips one sign or comparison at a time and runs the engine's tests against it.

    python -m tests.support.sign_flips [--seconds N] [--jobs N] [MODULE ...]

One change at a time in a copy of the tree: + and - swapped, * and / swapped, a unary minus taken away, < and <= as well
as > and >= swapped. A change that no test notices is a survivor. Survivors that change nothing that can be observed are
explained in docs/verification.md, by the same key as is printed here; any other one makes this end with exit code 1.
"""

import argparse
import ast
import copy
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis  # noqa: F401 - loaded once, every child has it
import pytest

ROOT = Path(__file__).parents[2]
EXPLAINED = ROOT / "docs" / "verification.md"
MODULES = (
    "model/contracts.py",
    "health/risk.py",
    "health/rays.py",
    "health/legs.py",
    "health/crossings.py",
    "health/lines.py",
)
TESTS = (
    "liquidation_price",
    "pools",
    "signs",
    "contract_kinds",
    "multi_asset",
    "rules",
    "comparison",
    "market_moves",
    "polynomials",
    "golden",
    "invariants",
    "derivation",
    "clouds",
    "properties",
    "second_method",
)
"""The quick ones first: most changes do not get any further."""
LONGEST = 180
UNITS = ("direction", "self.direction", "sign")
"""Names of what is +1 or -1."""
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.USub: ast.UAdd,
}


@dataclass(frozen=True)
class Flip:
    """One change: a module's path inside margin_engine, its whole changed source, and a key that outlives new lines."""

    module: str
    key: str
    source: str


def _same_either_way(node: ast.AST) -> bool:
    """Whether it multiplies by +1 or -1, which is dividing by it."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and ast.unparse(node.right) in UNITS


class _Places(ast.NodeVisitor):
    """Finds what can be flipped, and in which function it stands."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.found: list[tuple[ast.AST, int, str]] = []

    def visit(self, node: ast.AST) -> None:
        named = isinstance(node, (ast.FunctionDef, ast.ClassDef))
        if named:
            self.within.append(node.name)  # type: ignore[attr-defined]
        operators: list[ast.AST] = []
        if isinstance(node, (ast.BinOp, ast.AugAssign, ast.UnaryOp)):
            operators = [node.op]
        elif isinstance(node, ast.Compare):
            operators = list(node.ops)
        for number, operator in enumerate(operators):
            if type(operator) in SWAPPED and not _same_either_way(node):
                self.found.append((node, number, ".".join(self.within)))
        self.generic_visit(node)
        if named:
            self.within.pop()


def flips(module: str, text: str) -> Iterator[Flip]:
    """Every single change of a module."""
    tree = ast.parse(text)
    count = len(_found(tree))
    for number in range(count):
        changed = copy.deepcopy(tree)
        node, place, within = _found(changed)[number]
        before = ast.unparse(node)
        _flip(node, place)
        yield Flip(module, f"{module} {within}: {before} -> {ast.unparse(node)}", ast.unparse(changed))


def _found(tree: ast.Module) -> list[tuple[ast.AST, int, str]]:
    places = _Places()
    places.visit(tree)
    return places.found


def _flip(node: ast.AST, place: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[place] = _other(node.ops[place])
    elif isinstance(node, (ast.BinOp, ast.AugAssign, ast.UnaryOp)):
        node.op = _other(node.op)


def _other(operator: ast.AST) -> Any:
    return SWAPPED[type(operator)]()


def started(flip: Flip, tree: Path) -> int:
    """The process that runs the tests against a change, in a copy of the tree. It has pytest loaded already."""
    (tree / "margin_engine" / flip.module).write_text(flip.source)
    child = os.fork()
    if child:
        return child
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        os.chdir(tree)
        os.environ.pop("MARGINBOT_SOAK", None)
        sys.path.insert(0, str(tree))
        sys.dont_write_bytecode = True
        tests = [f"tests/margin_engine/test_{name}.py" for name in TESTS]
        options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--assert=plain", "--hypothesis-seed=0"]
        os._exit(pytest.main([*options, *(test for test in tests if Path(test).exists())]))
    finally:
        os._exit(1)


def tried(changes: list[Flip], trees: list[Path], seconds: float) -> list[bool | None]:
    """For each change whether a test fails, or does not end; None if there was no time left for it."""
    noticed: list[bool | None] = [None] * len(changes)
    end, waiting = time.monotonic() + seconds, list(reversed(range(len(changes))))
    running: dict[int, tuple[int, Path, str, float]] = {}
    while running or (waiting and time.monotonic() < end):
        if waiting and trees and time.monotonic() < end:
            number, tree = waiting.pop(), trees.pop()
            kept = (tree / "margin_engine" / changes[number].module).read_text()
            running[started(changes[number], tree)] = (number, tree, kept, time.monotonic() + LONGEST)
            continue
        time.sleep(0.02)
        for child, (number, tree, kept, limit) in list(running.items()):
            if time.monotonic() > limit:
                os.kill(child, signal.SIGKILL)
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                noticed[number] = status != 0
                if not status and changes[number].key:
                    print("not noticed:", changes[number].key, flush=True)
                (tree / "margin_engine" / changes[number].module).write_text(kept)
                trees.append(tree)
                del running[child]
    return noticed


def copied(folder: Path) -> Path:
    """What the engine's tests need, copied."""
    for name in ("margin_engine", "tests", "docs", "examples", "pyproject.toml", "README.md"):
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        elif source.exists():
            shutil.copy(source, target)
    return folder


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Flip every sign once.")
    parser.add_argument("modules", nargs="*", default=MODULES, help="patterns inside margin_engine")
    parser.add_argument("--seconds", type=float, default=7200, help="no new change is tried after this time")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args(arguments)
    package = ROOT / "margin_engine"
    names = sorted({str(path.relative_to(package)) for pattern in asked.modules for path in package.glob(pattern)})
    changes = [flip for name in names for flip in flips(name, (package / name).read_text())]
    with tempfile.TemporaryDirectory() as folder:
        trees = [copied(Path(folder, str(number))) for number in range(asked.jobs)]
        unchanged = Flip(names[0], "", (package / names[0]).read_text())
        if tried([unchanged], trees, LONGEST) != [False]:
            print("the tests fail without any change")
            return 2
        return report(changes, tried(changes, trees, asked.seconds))


def report(changes: list[Flip], noticed: list[bool | None]) -> int:
    """Print the survivors; 1 if one of them is not explained, or not every change could be tried."""
    explained = EXPLAINED.read_text()
    survivors = [flip.key for flip, seen in zip(changes, noticed, strict=True) if seen is False]
    unexplained = [key for key in survivors if f"`{key}`" not in explained]
    untried = noticed.count(None)
    print(f"{len(changes)} changes: {noticed.count(True)} noticed, {len(survivors)} not, {untried} not tried")
    for key in survivors:
        print("unexplained" if key in unexplained else "explained  ", key)
    return 1 if unexplained or untried else 0


if __name__ == "__main__":
    sys.exit(main())
