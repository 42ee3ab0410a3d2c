"""Numbers as they are written, and the pieces that a tier table is compiled into."""

from decimal import Decimal, FloatOperation

import pytest

from margin_engine import Tier, TierMethod, TierTable
from margin_engine.model.decimals import PRECISION, exactly, plain
from tests.margin_engine.builders import D


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0E+5", "0"),
        ("1E+3", "1000"),
        ("1.500", "1.5"),
        ("-2.50", "-2.5"),
        ("100", "100"),
        ("1E-30", "0.000000000000000000000000000001"),
        ("0.00112345678901234567890123456789012345678", "0.001123456789012345678901234567890123"),
    ],
)
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert plain(D(value)) == text


def test_the_engine_never_calculates_with_floats() -> None:
    @exactly
    def careless() -> Decimal:
        return Decimal(1) + Decimal(float("0.1"))

    with pytest.raises(FloatOperation):
        careless()


def test_the_engine_calculates_with_its_own_precision() -> None:
    assert len(str(exactly(lambda: Decimal(1) / 3)())) == PRECISION + 2


def test_amounts_follow_from_continuity_and_a_given_one_is_continued() -> None:
    rungs = (
        Tier(floor=D(0), rate=D("0.01")),
        Tier(floor=D(100), rate=D("0.02")),
        Tier(floor=D(200), rate=D("0.05"), amount=D(10)),
        Tier(floor=D(300), rate=D("0.1")),
    )
    # 100 x 0.01 = 1; given 10; 10 + 300 x 0.05 = 25
    assert TierTable(rungs).amounts(TierMethod.MARGINAL) == (D(0), D(1), D(10), D(25))
    assert TierTable(rungs).rung_at(D(200)) == 2
    assert TierTable(rungs).rung_at(D("199.99")) == 1


def test_a_piece_is_clipped_where_the_rate_would_require_less_than_nothing() -> None:
    table = TierTable((Tier(floor=D(0), rate=D("0.1"), amount=D(5)), Tier(floor=D(100), rate=D("0.2"), amount=D(40))))
    ladder = table.ladder(method=TierMethod.MARGINAL, closing_fee_rate=D("0.001"))
    # Rung 1 requires nothing below 50; rung 2 nothing from 100 to 200.
    assert ladder.starts == (D(0), D(50), D(100), D(200))
    assert ladder.clipped == (True, False, True, False)
    assert ladder.slopes == (D("0.001"), D("0.101"), D("0.001"), D("0.201"))
    assert ladder.rungs == (0, 0, 1, 1)


def test_a_whole_position_table_has_no_amounts() -> None:
    table = TierTable((Tier(floor=D(0), rate=D("0.1")), Tier(floor=D(100), rate=D("0.2"))))
    assert table.amounts(TierMethod.WHOLE_POSITION) == (D(0), D(0))


def test_a_ladder_tells_its_steepest_slope_ahead_and_whether_it_jumps() -> None:
    rising = (Tier(floor=D(0), rate=D("0.01")), Tier(floor=D(100), rate=D("0.03")), Tier(floor=D(200), rate=D("0.02")))
    smooth = TierTable(rising).ladder(method=TierMethod.MARGINAL, closing_fee_rate=D("0.001"))
    assert smooth.continuous
    assert [smooth.steepest_from(piece) for piece in range(3)] == [D("0.031"), D("0.031"), D("0.021")]
    # Whole position: at 100 the requirement goes from 100 x 0.01 = 1 to 100 x 0.03 = 3.
    assert not TierTable(rising).ladder(method=TierMethod.WHOLE_POSITION, closing_fee_rate=D(0)).continuous
