"""Whatever a person does with a portfolio, what is stored is what they did: history, undo and redo against a list."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.storage import portfolio_past, portfolio_rows
from bot.storage.portfolio_rows import LostRace
from bot.storage.portfolios import (
    MOST_UNDONE,
    DeletePortfolio,
    Portfolio,
    RenamePortfolio,
    RestorePortfolio,
    SavePortfolio,
    Shelf,
    StepPortfolio,
    StoredPortfolio,
)
from bot.storage.tables import metadata
from bot.storage.transaction import apply_change

ANN, BEN = 1, 2
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Aggregate(RuleBasedStateMachine):
    """One portfolio of one person; `states` are the amounts it went through, `at` says at which of them it stands."""

    def __init__(self) -> None:
        super().__init__()
        engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(engine)
        self.connection = engine.connect()
        self.states: list[int | None] = [None]
        self.at = 0
        self.version = 0
        self.name = "main"
        self.deleted = False
        self.time = NOW
        self.do(SavePortfolio(owner_id=BEN, portfolio=self.holding(777), version=0))

    def teardown(self) -> None:
        self.connection.close()
        self.connection.engine.dispose()

    def holding(self, amount: int) -> Portfolio:
        return Portfolio(name=self.name, wallet={"USDT": Decimal(amount)})

    def do(self, change: object) -> bool:
        self.time += timedelta(seconds=1)
        try:
            with self.connection.begin_nested():
                apply_change(self.connection, change, self.time)  # type: ignore[arg-type]
        except LostRace:
            return False
        return True

    @property
    def shelf(self) -> Shelf:
        return portfolio_rows.find(self.connection, {portfolio_rows.Of(ANN)})[portfolio_rows.Of(ANN)]

    @property
    def stored(self) -> StoredPortfolio:
        return self.shelf.open

    @property
    def id(self) -> int:
        return self.shelf.entries[0].id

    @precondition(lambda self: not self.deleted)
    @rule(amount=st.integers(0, 10**6))
    def change(self, amount: int) -> None:
        assert self.do(SavePortfolio(owner_id=ANN, portfolio=self.holding(amount), version=self.version))
        self.version += 1
        self.states = [*self.states[: self.at + 1], amount]
        self.at += 1

    @precondition(lambda self: self.version > 0 and not self.deleted)
    @rule(amount=st.integers(0, 10**6), behind=st.integers(1, 3))
    def late_change(self, amount: int, behind: int) -> None:
        """Another process has changed it meanwhile: nothing happens."""
        late = SavePortfolio(owner_id=ANN, portfolio=self.holding(amount), version=self.version - behind)
        assert not self.do(late)

    @precondition(lambda self: self.version > 0 and not self.deleted)
    @rule(by=st.sampled_from([-1, 1]))
    def undo_or_redo(self, by: int) -> None:
        stored, to = self.stored, self.at + by
        possible = stored.can_undo if by < 0 else stored.can_redo
        newest = len(self.states) - 1
        assert possible == (max(0, newest - MOST_UNDONE) <= to <= newest)
        if possible:
            assert self.do(StepPortfolio(owner_id=ANN, portfolio_id=self.id, version=self.version, to=to))
            self.version += 1
            self.at = to

    @precondition(lambda self: self.version > 0 and not self.deleted)
    @rule(name=st.sampled_from(["main", "swing", "alts"]))
    def rename(self, name: str) -> None:
        done = self.do(RenamePortfolio(owner_id=ANN, portfolio_id=self.id, version=self.version, name=name))
        assert done == (name != self.name)
        if done:
            self.version += 1
            self.name = name

    @precondition(lambda self: self.version > 0)
    @rule()
    def delete_and_restore(self) -> None:
        if self.deleted:
            assert self.do(RestorePortfolio(owner_id=ANN, portfolio_id=self.id, name=self.name))
        else:
            assert self.do(DeletePortfolio(owner_id=ANN, portfolio_id=self.id, version=self.version))
        self.version += 1
        self.deleted = not self.deleted

    @precondition(lambda self: self.version > 0)
    @rule()
    def somebody_else_tries(self) -> None:
        assert not self.do(StepPortfolio(owner_id=BEN, portfolio_id=self.id, version=self.version, to=0))
        assert not self.do(DeletePortfolio(owner_id=BEN, portfolio_id=self.id, version=self.version))

    @invariant()
    def what_is_stored_is_what_was_done(self) -> None:
        stored = self.stored
        if self.deleted or self.version == 0:
            assert stored.version == 0
            return
        amount = self.states[self.at]
        assert stored.portfolio.wallet.get("USDT") == amount
        assert (stored.version, stored.step, stored.newest) == (self.version, self.at, len(self.states) - 1)
        assert stored.portfolio.name == self.name

    @precondition(lambda self: self.version > 0)
    @invariant()
    def the_history_is_the_list(self) -> None:
        last = len(self.states) - 1
        kept = portfolio_past.steps(self.connection, ANN, self.id, last=last, count=50)
        assert [step.portfolio.wallet.get("USDT") for step in kept] == self.states[-51:]

    @invariant()
    def others_are_untouched(self) -> None:
        others = portfolio_rows.find(self.connection, {portfolio_rows.Of(BEN)})[portfolio_rows.Of(BEN)].open
        assert (others.portfolio.wallet, others.version) == ({"USDT": Decimal(777)}, 1)


TestAggregate = Aggregate.TestCase
TestAggregate.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
