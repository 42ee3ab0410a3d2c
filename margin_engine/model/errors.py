"""What the engine refuses, as facts: where it stands, what was given, which rule it breaks.

    EngineError
    ├── MalformedInput       the form is wrong: an unknown field, a repeated key, a JSON number
    ├── InvalidValue         one value is outside its range
    ├── InconsistentBook     values that are fine alone contradict each other
    └── Unsupported          well-formed, but not something this engine answers yet

Wording for people belongs to whoever shows it; `str(error)` is the one line that the command prints.
"""

_SHOWN_LENGTH = 80


class EngineError(Exception):
    """A refused input. `field` is its JSON path, `value` what was given, `rule` what would be right."""

    def __init__(self, *, field: str, value: object, rule: str) -> None:
        self.field = field
        self.value = str(value)
        self.rule = rule
        super().__init__(field, self.value, rule)

    def __str__(self) -> str:
        return f"{_one_line(self.field)}: {_one_line(self.rule)}, got {_one_line(self.value)}"


class MalformedInput(EngineError):
    """The form is wrong: not the JSON that was asked for."""


class InvalidValue(EngineError):
    """One value is outside its range."""


class InconsistentBook(EngineError):
    """Values that are fine alone contradict each other, or something that they need is missing."""


class Unsupported(EngineError):
    """Well-formed, but not something this engine answers yet."""


def _one_line(text: str) -> str:
    shown = text if len(text) <= _SHOWN_LENGTH * 3 else text[: _SHOWN_LENGTH * 3] + "..."
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in shown)
