"""Tests of the local chat: its Bot API, its page and its driver."""
