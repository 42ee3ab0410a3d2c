"""A person's words -> an intent with typed slots; pure.

`understand` reads a whole message, `understand_slot` and `read_number` the answer to one question of the bot;
`parsed_json` gives a reading's slots in their outside form. No model, no network: tables of words and a price window
for each coin.
"""

from bot.understanding.answers import Answer, read_number, understand_slot
from bot.understanding.readings import Context, Parsed, PositionSlots, Reading, parsed_json
from bot.understanding.understand import public_kind, understand

__all__ = [
    "Answer",
    "Context",
    "Parsed",
    "PositionSlots",
    "Reading",
    "parsed_json",
    "public_kind",
    "read_number",
    "understand",
    "understand_slot",
]
