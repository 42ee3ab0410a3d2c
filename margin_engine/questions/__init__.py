"""One module for each question that a trader asks."""
