"""`python -m margin_engine`: streams and exit codes."""

import io
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from margin_engine.__main__ import FAULT, _answer_lines, main
from margin_engine.codec import MAX_BYTES
from margin_engine.model.book import Book
from tests.margin_engine.builders import book, position

GOOD = book(position())


def run(arguments: list[str], source: bytes) -> tuple[int, str, str]:
    answers, complaints = io.StringIO(), io.StringIO()
    code = main(arguments, io.BytesIO(source), answers, complaints)
    return code, answers.getvalue(), complaints.getvalue()


def encoded(data: Any) -> bytes:
    return json.dumps(data).encode()


def test_evaluate_answers_with_the_documented_keys() -> None:
    code, out, err = run(["evaluate"], encoded(GOOD))
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["venue", "tiers_as_of", "assumptions", "positions", "pools", "derivation"]
    assert " ".join(answer["positions"][0]) == (
        "id symbol side margin_mode notional unrealised_pnl initial_margin maintenance_margin maintenance_rate "
        "maintenance_amount margin_balance margin_ratio liquidation_price liquidation_reason distance bankruptcy_price "
        "max_loss"
    )
    assert " ".join(answer["pools"][0]) == (
        "id wallet_balance margin_balance initial_margin maintenance_margin margin_ratio available_balance "
        "liquidatable market_fall_to_liquidation market_rise_to_liquidation"
    )
    assert answer["pools"][0]["liquidatable"] is False


def test_every_number_is_a_plain_decimal_string() -> None:
    tiny = position(quantity="0.000000000000000000000000000001", entry_price="0.00000001")
    for command in ("evaluate", "compare", "whatif", "path"):
        code, out, _ = run([command], encoded(book(tiny, shocks={"*": "-0.5"})))
        assert code == 0
        assert not re.search(r'[:\[] *-?[0-9]|"-?[0-9.]+[eE][-+0-9]+"|"-0"', out)


def test_the_other_commands_answer_in_their_documented_form() -> None:
    shocked = encoded(book(position(margin_mode="isolated"), shocks={"*": "-0.5"}))
    keys = {command: list(json.loads(run([command], shocked)[1])) for command in ("compare", "whatif", "path")}
    assert {"as_given", "isolated", "cross", "differences"} <= set(keys["compare"])
    assert keys["whatif"] == ["before", "after", "liquidated", "equity_before", "equity_after"]
    assert keys["path"] == ["fall", "rise"]
    death = json.loads(run(["whatif"], shocked)[1])["liquidated"][0]
    assert list(death) == ["id", "positions", "at_fraction", "loss"]
    assert (death["positions"], death["loss"]) == (["p1"], "10")


def test_a_refused_book_exits_2_with_one_line_and_no_answer() -> None:
    code, out, err = run(["evaluate"], encoded(book(position(quantity="-1"))))
    assert (code, out, err) == (2, "", "positions[0].quantity: must be above 0, got -1\n")


def test_lines_answer_each_book_in_order_and_go_on_after_a_refusal() -> None:
    bad = book(position(quantity="0"))
    source = b"\n".join([encoded(GOOD), encoded(bad), b"", encoded(GOOD)]) + b"\n"
    code, out, err = run(["evaluate", "--lines"], source)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err, len(answers)) == (0, "", 4)
    assert answers[0] == answers[3]
    assert answers[1] == {"error": {"field": "positions[0].quantity", "value": "0", "rule": "must be above 0"}}
    assert answers[2]["error"]["field"] == "$"


def test_a_line_above_the_limit_is_refused_and_the_next_one_answered() -> None:
    source = b'{"venue": "' + b"x" * (3 * MAX_BYTES) + b'"}\n' + encoded(GOOD)
    _, out, _ = run(["evaluate", "--lines"], source)
    first, second = (json.loads(line) for line in out.splitlines())
    assert first["error"]["rule"] == f"must be at most {MAX_BYTES} bytes"
    assert second["venue"] == "generic"


@pytest.mark.parametrize("arguments", [[], ["sell"], ["evaluate", "--line"], ["evaluate", "x"], ["schema", "--lines"]])
def test_a_command_that_does_not_exist_exits_2_with_one_line(arguments: list[str]) -> None:
    code, out, err = run(arguments, b"")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_help_is_an_answer() -> None:
    assert run(["--help"], b"")[0] == 0


def test_a_fault_that_is_not_the_inputs_exits_1_and_prints_no_answer() -> None:
    class BrokenPipe(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("the line\nwent dead")

    answers, complaints = io.StringIO(), io.StringIO()
    assert main(["evaluate"], BrokenPipe(), answers, complaints) == 1
    assert answers.getvalue() == ""
    assert complaints.getvalue().count("\n") == 1


def test_a_fault_in_one_line_is_told_and_the_others_are_answered() -> None:
    def faulty(asked: Book) -> dict[str, Any]:
        return {"ratio": len(asked.wallet) / len(asked.positions)}

    answers, complaints = io.StringIO(), io.StringIO()
    source = io.BytesIO(b"\n".join([encoded(book()), encoded(GOOD)]))
    assert _answer_lines(faulty, source, answers, complaints) == FAULT
    first, second = map(json.loads, answers.getvalue().splitlines())
    assert first["error"] == {
        "field": "$",
        "value": "ZeroDivisionError",
        "rule": "could not be answered, a fault of the engine",
    }
    assert second == {"ratio": 1}
    assert complaints.getvalue() == "a fault of the engine, please report it: ZeroDivisionError: division by zero\n"


def test_the_schema_names_exactly_the_fields_that_are_read() -> None:
    from margin_engine import codec

    code, out, _ = run(["schema"], b"")
    schema = json.loads(out)
    assert code == 0
    assert tuple(schema["properties"]) == codec._BOOK
    for name, readers in (
        ("position", codec._POSITION),
        ("contract", codec._CONTRACT),
        ("tier", codec._TIER),
        ("rules", codec._RULES),
        ("collateral", ("price", "haircut")),
    ):
        assert set(schema["$defs"][name]["properties"]) == set(readers)
        assert schema["$defs"][name]["additionalProperties"] is False
    assert schema["$defs"]["position"]["required"] == list(codec._POSITION_REQUIRED)


def test_the_module_runs_as_a_program() -> None:
    command = [sys.executable, "-m", "margin_engine", "evaluate"]
    good = subprocess.run(command, input=encoded(GOOD), capture_output=True, timeout=60, check=False)
    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout)["positions"][0]["id"] == "p1"
    bad = subprocess.run(command, input=b"{", capture_output=True, timeout=60, check=False)
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert bad.stderr.startswith(b"$: must be one JSON object")
