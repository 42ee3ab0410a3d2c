"""Telegram, and nothing else: how updates arrive and answers leave.

poller or webhook -> inbox -> dispatcher -> (the bot's decision) -> outbox -> sender
"""

import os

# python-telegram-bot gives time spans as timedelta only when asked before it is used; its other way is deprecated.
os.environ.setdefault("PTB_TIMEDELTA", "1")
