"""What who runs the bot does with its database: bring it up to date, check it, back it up, restore it, move it."""
