"""`make bench`: see docs/performance.md for what is measured and why."""

import asyncio

from benchmarks import answers

asyncio.run(answers.main())
