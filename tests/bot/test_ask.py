"""`marginbot ask`: the contract with other programs."""

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main as run
from bot.ask import answer_line, answer_one, main
from margin_engine import read_book

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOOK = {
    "wallet": {"USDT": "10000"},
    "positions": [
        {
            "id": "p1",
            "symbol": "BTCUSDT",
            "side": "long",
            "quantity": "0.5",
            "entry_price": "64000",
            "leverage": "20",
            "margin_mode": "cross",
        },
        {
            "id": "p2",
            "symbol": "ETHUSDT",
            "side": "short",
            "quantity": "4",
            "entry_price": "3200",
            "leverage": "10",
            "margin_mode": "isolated",
        },
    ],
}


def asked(text: str, book: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = answer_one(text, read_book(json.dumps(book)) if book else None, now=NOW)
    assert list(answer) == ["kind", "parsed", "assumed", "missing", "also", "reply", "results"]
    parsed: dict[str, Any] = json.loads(json.dumps(answer))
    return parsed


def slots(entries: list[str]) -> list[str]:
    return [entry.partition(":")[0] for entry in entries]


def price(results: dict[str, Any], partition: str | None = None) -> float | None:
    evaluation = results["evaluate"] if partition is None else results["compare"][partition]
    text = evaluation["positions"][0]["liquidation_price"]
    return float(text) if text else None


def test_a_trade_is_answered_with_its_reading_and_the_numbers() -> None:
    answer = asked("long 0.5 btc 64k 20x isolated, wallet 10k")
    assert answer["kind"] == "position"
    assert answer["parsed"]["positions"][0]["qty"] == 0.5
    assert answer["missing"] == []
    assert {"mark", "venue", "fees", "contract"} <= set(slots(answer["assumed"]))
    assert answer["reply"].startswith("Isolated: liquidated at 61,044.2")
    assert price(answer["results"]) == pytest.approx(30400 / 0.498)
    assert price(answer["results"], "cross") == pytest.approx(22000 / 0.498)
    assert answer["results"]["compare"]["differences"]


def test_without_a_wallet_isolated_is_answered_and_the_balance_is_missing() -> None:
    answer = asked("long 0.5 btc 64k 20x")
    assert slots(answer["missing"]) == ["balance"]
    assert "mode" in slots(answer["assumed"])
    assert price(answer["results"]) == pytest.approx(30400 / 0.498)
    assert answer["results"]["compare"]["cross"] is None
    assert answer["results"]["compare"]["cross_reason"]


def test_an_isolated_trade_misses_nothing() -> None:
    assert asked("long 0.5 btc 64k 20x isolated")["missing"] == []


def test_a_price_that_needs_no_size_says_what_stands_in_for_it() -> None:
    answer = asked("LONG ETH 3200 20X iso")
    assert price(answer["results"]) == pytest.approx(3200 * 0.95 / 0.996)
    assert "size: 1 ETH stands in, any size up to 300,000 USDT gives this price" in answer["assumed"]


def test_what_is_missing_is_named_in_the_order_of_asking() -> None:
    answer = asked("long btc")
    assert sorted(slots(answer["missing"])) == ["entry", "leverage", "size"]
    assert answer["results"] is None


def test_dollars_taken_as_margin_are_flagged() -> None:
    assert "usd_amount_is_margin" in slots(asked("10x long btc 64k 1000 usdt isolated")["assumed"])


def test_the_books_wallet_stands_for_an_unsaid_one() -> None:
    answer = asked("long 0.5 btc 64k 20x", BOOK)
    assert answer["missing"] == []
    assert "wallet" in slots(answer["assumed"])
    # The account's isolated ETH margin of 1,280 stands aside; the trade takes the place of the saved BTC long.
    assert price(answer["results"], "cross") == pytest.approx((32000 - 8720) / 0.498)
    assert "Cross counts your account: 10,000 USDT and your saved position." in answer["reply"]


def test_a_compare_question_has_the_comparison_only() -> None:
    answer = asked("iso or cross for long 0.5 btc 64k 20x with 5k in the wallet?")
    assert answer["kind"] == "compare"
    assert list(answer["results"]) == ["compare"]


def test_the_portfolio_is_the_book() -> None:
    answer = asked("my portfolio", BOOK)
    assert answer["kind"] == "portfolio"
    assert "liquidated at 46,747.0" in answer["reply"]
    assert len(answer["results"]["evaluate"]["positions"]) == 2


def test_a_book_with_its_own_tiers_is_shown_with_them() -> None:
    tiers = {"BTCUSDT": [{"floor": "0", "rate": "0.1"}]}
    # (10,000 - 1,280 - 32,000) / (0.05 - 0.5) = 51,733.33
    assert "liquidated at 51,733.4" in asked("my portfolio", BOOK | {"tiers": tiers})["reply"]


@pytest.mark.parametrize("text", ["liq?", "whats my liq price"])
def test_a_bare_question_is_about_the_book(text: str) -> None:
    answer = asked(text, BOOK)
    assert answer["reply"].startswith("Nearest: ETH short isolated, at 3,505.97, 9.6% above entry.")
    assert len(answer["results"]["evaluate"]["positions"]) == 2


def test_a_price_now_moves_the_book_and_saves_nothing() -> None:
    answer = asked("btc 62k sol 140 now", BOOK)
    # (46,746.99 - 62,000) / 62,000 = -24.6 %
    assert "24.6% below 62,000, which you gave just now" in answer["reply"]
    assert "I have no position of yours in SOL." in answer["reply"]
    assert "noted" not in answer["reply"]
    marked = answer["results"]["evaluate"]["positions"][0]
    assert float(marked["distance"]) == pytest.approx((32000 - 8720) / 0.498 / 62000 - 1)


def test_two_readings_have_no_numbers_before_one_is_chosen() -> None:
    answer = asked("long btc 64k 20x size 1000$")
    assert answer["reply"].startswith("I can read this in two ways.")
    assert (slots(answer["missing"]), answer["results"]) == (["size"], None)


@pytest.mark.parametrize("arguments", [["ask", "--frob", "hi"], ["nope"], ["ask"], ["--frob"]])
def test_a_command_that_does_not_exist_is_refused_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = run(arguments)
    except SystemExit as exit_:
        code = int(str(exit_.code))
    shown = capsys.readouterr()
    assert (code, shown.out, shown.err.count("\n")) == (2, "", 1)


def test_what_is_not_built_yet_has_its_kind_and_no_results() -> None:
    answer = asked("what if btc drops 10%")
    assert (answer["kind"], answer["results"]) == ("whatif", None)
    assert answer["parsed"]["shocks"] == [{"target": "BTC", "pct": -10}]


def test_commands_are_understood_as_in_the_chat() -> None:
    assert asked("/liq btc l 64000 20 iso 500")["reply"].startswith("Isolated: liquidated at 61,044.2")
    assert asked("/start")["kind"] == "smalltalk"
    assert asked("/portfolio", BOOK)["kind"] == "portfolio"
    assert asked("/")["kind"] == "unknown"
    assert asked("")["kind"] == "unknown"


@pytest.mark.parametrize("line", ["foo", "{}", "5", "", "null", '"open'])
def test_a_line_that_is_no_message_gives_its_error(line: str) -> None:
    assert answer_line(line, None)["error"]["rule"] == "must be a message as a JSON string"


def test_lines_are_answered_in_order_and_refused_ones_do_not_stop_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO('"hi"\nfoo\n"long 0.5 btc 64k 20x"\n'))
    assert main(text=None, book=None, as_json=True) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("kind", "error") for answer in answers] == ["smalltalk", "error", "position"]


def test_a_trace_says_how_the_message_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "long 0.5 btc 64.000 20x", "--json", "--trace"]) == 0
    (ask,) = json.loads(capsys.readouterr().out)["trace"]
    assert [token["text"] for token in ask["tokens"]] == ["long", "0.5", "btc", "64.000", "20"]
    assert ask["won"].startswith("position")


def test_a_trace_without_json_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "long btc", "--trace"]) == 2
    assert capsys.readouterr().err == "ask: --trace needs --json\n"


def test_the_terminal_shows_the_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(text="long 0.5 btc 64k 20x iso", book=None, as_json=False) == 0
    assert capsys.readouterr().out.startswith("Isolated: liquidated at 61,044.2, 4.6% below entry.\n")


@pytest.mark.parametrize("content", ["{", '{"x": 1}', '{"wallet": {"USDT": 5}}', '{"venue": "nowhere"}'])
def test_a_bad_book_is_refused_in_one_line(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "book.json"
    path.write_text(content)
    assert main(text="hi", book=str(path), as_json=True) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)


def test_a_book_that_is_not_there_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(text="hi", book=str(tmp_path / "none.json"), as_json=True) == 2
    assert capsys.readouterr().err.endswith("none.json: No such file or directory\n")


def test_asking_loads_neither_telegram_nor_the_database() -> None:
    code = "import bot.ask, sys; print([name for name in ('telegram', 'sqlalchemy', 'aiohttp') if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"


def test_the_picture_of_an_answer_is_written_as_a_png(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.png"
    assert run(["ask", "long 0.5 btc 64k 20x, wallet 10k", "--picture", str(path)]) == 0
    assert capsys.readouterr().out.startswith("Isolated: liquidated at 61,044.2")
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "hi", "--picture", "out.png"], "ask: there is nothing to draw in this answer"),
        (["ask", "--lines", "--json", "--picture", "out.png"], "ask: --picture needs TEXT"),
        (
            ["ask", "long 0.5 btc 64k 20x, wallet 10k", "--picture", "/no/such/folder/out.png"],
            "ask: --picture: No such file or directory: /no/such/folder/out.png",
        ),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused_in_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    assert capsys.readouterr().err == f"{line}\n"
