"""Whose updates keep their order among each other."""

import pytest

from bot.transport.lanes import lane


@pytest.mark.parametrize("shared", [1087968824, 136817688, 777000])
def test_who_writes_under_an_id_that_many_share_goes_by_the_chat(shared: int) -> None:
    message = {"chat": {"id": -5}, "from": {"id": shared}}
    assert lane({"update_id": 1, "message": message}) == "c-5"
    assert lane({"update_id": 2, "message": {**message, "from": {"id": 7}}}) == "p7"
