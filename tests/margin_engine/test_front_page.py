"""The package's front page: its example is right, and it names what it exports."""

import doctest
import inspect
import re

import margin_engine


def test_the_example_of_the_package_is_right() -> None:
    outcome = doctest.testmod(margin_engine)
    assert (outcome.failed, outcome.attempted > 5) == (0, True)


def test_every_question_is_named_on_the_front_page_and_every_name_says_what_it_is() -> None:
    named = set(re.findall(r"\w+", margin_engine.__doc__ or ""))
    for name in margin_engine.__all__:
        exported = getattr(margin_engine, name)
        assert exported.__doc__ or name in ("Change", "Goal"), name
        if inspect.isfunction(exported) and not name.startswith("write_") and name != "average_entry":
            assert name in named, name
