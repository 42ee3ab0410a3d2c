"""Rules and dated tier tables per venue: data, and the few lines that differ."""
