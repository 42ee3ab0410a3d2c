"""`make bench`: see docs/performance.md for what is measured and why."""

import asyncio

from benchmarks import answers, understanding

print(understanding.pace())
asyncio.run(answers.main())
