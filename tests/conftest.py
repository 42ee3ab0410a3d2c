"""What holds for every test: how many cases a property is tried on, and a word on what is left out."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import postgres
from tests.support.chromium import LEFT_OUT, chromium

# `make test` tries a modest number of cases with no deadline (shared machines stall); `make soak` tries many.
settings.register_profile("test", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if os.environ.get("MARGINBOT_SOAK") else "test")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Without a browser its tests are not collected; one line says so. Another names the databases."""
    here = Path(__file__).parent / "bot"
    asked = [Path(str(config.invocation_params.dir), argument.split("::")[0]).resolve() for argument in config.args]

    def ran(folder: Path) -> bool:
        return any(folder.is_relative_to(path) for path in asked)

    if chromium() is None and ran(here / "localchat" / "browser"):
        terminalreporter.write_line(LEFT_OUT)
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if report.when == "call" and name == "said":
                terminalreporter.write_line(str(value))
    if ran(here / "storage"):
        terminalreporter.write_line(postgres.FOUND if postgres.programs() else postgres.LEFT_OUT)
