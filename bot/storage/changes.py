"""Changes of stored state, each made by the room of its table, in the transaction that it is called in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.dialogue import Change
from bot.storage import blocked, group_rows, person_settings_rows, portfolio_past, portfolio_rows
from bot.storage.group_settings import MoveGroup, NotePresence, SaveGroup
from bot.storage.person_settings import SaveSettings
from bot.storage.portfolios import (
    DeletePortfolio,
    ForgetPerson,
    OpenPortfolio,
    RenamePortfolio,
    RestorePortfolio,
    RevokeShares,
    SavePortfolio,
    SharePortfolio,
    StepPortfolio,
)


def apply_change(connection: Connection, change: Change, now: datetime) -> None:
    """Makes one change. Errors: LostRace when what it rests on has changed meanwhile."""
    match change:
        case SavePortfolio():
            portfolio_rows.save(connection, change, now)
        case SaveSettings():
            person_settings_rows.apply(connection, change, now)
        case StepPortfolio():
            portfolio_rows.go_to(connection, change, now)
        case RenamePortfolio():
            portfolio_rows.rename(connection, change, now)
        case OpenPortfolio():
            portfolio_rows.open_it(connection, change)
        case DeletePortfolio():
            portfolio_rows.put_away(connection, change, now)
        case RestorePortfolio():
            portfolio_rows.restore(connection, change, now)
        case SharePortfolio():
            portfolio_past.share(connection, change, now)
        case RevokeShares():
            portfolio_past.revoke(connection, change)
        case ForgetPerson():
            portfolio_past.forget(connection, change)
        case blocked.Block() | blocked.Unblock():
            blocked.apply(connection, change, now)
        case SaveGroup():
            group_rows.save(connection, change, now)
        case NotePresence():
            group_rows.note(connection, change, now)
        case MoveGroup():
            group_rows.move(connection, change.bot_id, change.old, change.new, now)
        case _:
            raise TypeError(f"storage knows no change of kind {type(change).__name__}")
