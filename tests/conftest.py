"""Settings that hold for every test: how many cases a property is tried on."""

import os

from hypothesis import HealthCheck, settings

# `make test` tries a modest number of cases with no deadline (shared machines stall); `make soak` tries many.
settings.register_profile("test", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soak" if os.environ.get("MARGINBOT_SOAK") else "test")
