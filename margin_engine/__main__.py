"""`python -m margin_engine COMMAND [--lines] < book.json > answer.json`

Exit codes: 0 answered; 2 the input was refused (one line on standard error that starts with the JSON path, nothing on
standard output); 1 a fault of ours. With --lines each line is a book and gets one line of answer, in order; a refused
line answers {"error": {"field", "value", "rule"}} and the rest go on.
"""

import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TextIO

from margin_engine import codec
from margin_engine.model.book import Book
from margin_engine.model.errors import EngineError
from margin_engine.questions.comparison import compare
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.what_if import path, what_if

ANSWERED, FAULT, REFUSED = 0, 1, 2
USAGE = "usage: python -m margin_engine evaluate|compare|whatif|path|schema [--lines] < book.json"

_Command = Callable[[Book], dict[str, Any]]
_COMMANDS: dict[str, _Command] = {
    "evaluate": lambda book: codec.write_evaluation(evaluate(book)),
    "compare": lambda book: codec.write_comparison(compare(book)),
    "whatif": lambda book: codec.write_what_if(what_if(book)),
    "path": lambda book: codec.write_path(path(book)),
}


def main(arguments: list[str], source: BinaryIO, answers: TextIO, complaints: TextIO) -> int:
    """Run one command on the given streams and return its exit code."""
    command, flags = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("--help", "-h") and not flags:
        print(USAGE, file=answers)
        return ANSWERED
    if command == "schema" and not flags:
        print(_schema(), file=answers)
        return ANSWERED
    if command not in _COMMANDS or flags not in ([], ["--lines"]):
        print(USAGE, file=complaints)
        return REFUSED
    question = _COMMANDS[command]
    answer = _answer_lines if flags else _answer
    return answer(question, source, answers, complaints)


def _answer(question: _Command, source: BinaryIO, answers: TextIO, complaints: TextIO) -> int:
    try:
        text = json.dumps(question(codec.read_book(source.read(codec.MAX_BYTES + 1))), indent=2)
    except EngineError as refusal:
        print(refusal, file=complaints)
        return REFUSED
    except Exception as fault:
        print(_described(fault), file=complaints)
        return FAULT
    print(text, file=answers)
    return ANSWERED


def _answer_lines(question: _Command, source: BinaryIO, answers: TextIO, complaints: TextIO) -> int:
    code = ANSWERED
    for line in _lines(source):
        try:
            answer = question(codec.read_book(line))
        except EngineError as refusal:
            answer = _error(refusal.field, refusal.value, refusal.rule)
        except Exception as fault:
            print(_described(fault), file=complaints)
            answer = _error(codec.ROOT, type(fault).__name__, "could not be answered, a fault of the engine")
            code = FAULT
        print(json.dumps(answer), file=answers, flush=True)
    return code


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines without their ends. What exceeds the limit of a book is read past, never held."""
    while line := source.readline(codec.MAX_BYTES + 2):
        rest = line
        while not rest.endswith(b"\n") and (rest := source.readline(codec.MAX_BYTES)):
            pass
        yield line.removesuffix(b"\n")


def _error(field: str, value: str, rule: str) -> dict[str, Any]:
    return {"error": {"field": field, "value": value, "rule": rule}}


def _described(fault: Exception) -> str:
    return f"a fault of the engine, please report it: {type(fault).__name__}: {fault}".replace("\n", " ")


def _schema() -> str:
    data = pkgutil.get_data("margin_engine", "book.schema.json")
    return (data or b"").decode("utf-8").rstrip("\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout, sys.stderr))
