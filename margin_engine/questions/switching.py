"""What if I switch the margin mode of a position that is open? Is it allowed, and what happens at once?"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from margin_engine.model.book import Book, MarginMode
from margin_engine.model.decimals import ZERO, exactly
from margin_engine.model.errors import EngineError
from margin_engine.questions.change_kinds import SwitchMode
from margin_engine.questions.changes import apply
from margin_engine.questions.liquidation import evaluate
from margin_engine.questions.results import Evaluation, PositionHealth
from margin_engine.venues.presets import Switching, SwitchScope, preset_of


class Permission(StrEnum):
    """Whether the venue lets a position that is open change its mode. UNKNOWN: its rule is not published."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPreview:
    """What the switch would do, whether or not the venue allows it.

    permission and rule: the venue's own, with its source. positions: those that switch together: where the mode is the
    account's, all that are in this one. before, after: the position either way; None where the book
    with the switch is refused (`refusal`: it names what is missing). crossed_at_once: pools that would be liquidatable
    at the marks and are not now. released: what the switch adds to the shared balance that new positions can use,
    negative where it needs as much, in the settle asset of the position.
    """

    permission: Permission
    rule: Switching
    positions: tuple[str, ...]
    before: PositionHealth
    after: PositionHealth | None
    evaluation: Evaluation | None
    crossed_at_once: tuple[str, ...]
    released: Decimal | None
    refusal: EngineError | None


@exactly
def preview_switch(book: Book, identity: str, *, margin: Decimal | None = None) -> SwitchPreview:
    """The other margin mode for this position: allowed or not, its new liquidation price, crossed at once or not?

    margin: what an isolated position would take along (None: its initial margin at entry). The answer rests on the
    same evaluation as every other, so nothing in it is approximate; only the rule is the venue's. Raises InvalidValue
    for an unknown id, and whatever refuses the book as it is.
    """
    now = evaluate(book, explain=False)
    rule = preset_of(book.venue).switching
    position = book.position(identity)
    other = MarginMode.CROSS if position.margin_mode is MarginMode.ISOLATED else MarginMode.ISOLATED
    whole = rule.scope is SwitchScope.ACCOUNT
    mode = position.margin_mode
    ids = tuple(each.id for each in book.positions if each is position or (whole and each.margin_mode is mode))
    then: Evaluation | None = None
    refusal: EngineError | None = None
    try:
        then = evaluate(
            apply(
                book,
                [SwitchMode(id=each, margin_mode=other, margin=margin if each == identity else None) for each in ids],
            )
        )
    except EngineError as error:
        refusal = error
    return SwitchPreview(
        permission=permission_of(rule),
        rule=rule,
        positions=ids,
        before=now.position(identity),
        after=then.position(identity) if then else None,
        evaluation=then,
        crossed_at_once=newly_dead(now, then) if then else (),
        released=_shared(then) - _shared(now) if then else None,
        refusal=refusal,
    )


def permission_of(rule: Switching) -> Permission:
    """What a venue's rule says about a position that is open."""
    if rule.with_position is None:
        return Permission.UNKNOWN
    return Permission.ALLOWED if rule.with_position else Permission.REFUSED


def newly_dead(now: Evaluation, then: Evaluation) -> tuple[str, ...]:
    """The pools that are liquidatable at the marks and held no liquidatable position before."""
    dead = {pool.id for pool in now.pools if pool.liquidatable}
    safe = {each.id for each in now.positions if each.pool_id not in dead}
    holders = {each.pool_id for each in then.positions if each.id in safe}
    return tuple(pool.id for pool in then.pools if pool.liquidatable and pool.id in holders)


def _shared(evaluation: Evaluation) -> Decimal:
    """What the shared pools have available; the switch moves margin within one asset only."""
    return sum((pool.available_balance for pool in evaluation.pools if pool.id.startswith("cross:")), ZERO)
