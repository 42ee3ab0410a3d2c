"""`make bench`: see docs/performance.md for what is measured and why."""

import asyncio

from benchmarks import answers, pictures, portfolios, understanding

print(understanding.pace())
asyncio.run(answers.main())
asyncio.run(pictures.main())
asyncio.run(portfolios.main())
