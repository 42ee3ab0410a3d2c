"""What teaches the subject is run: the examples of docs/concepts/margin.md, and the scripts in examples/."""

import doctest
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "concepts" / "margin.md"
SCRIPTS = sorted((ROOT / "examples").glob("*.py"))


def test_the_page_on_margin_is_right_in_every_example() -> None:
    text = PAGE.read_text()
    blocks = re.findall(r"```pycon\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == text.count("```pycon") > 10
    # One session from top to bottom, as it is read.
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    written: list[str] = []
    doctest.DocTestRunner(verbose=False).run(session, out=written.append)
    assert not written, "".join(written)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_example_prints_what_it_says(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    promised = runpy.run_path(str(script), run_name="__main__")["__doc__"].partition("Prints:\n\n")[2]
    expected = [line.strip() for line in promised.strip().splitlines()]
    assert [line.strip() for line in capsys.readouterr().out.strip().splitlines()] == expected
    assert expected
