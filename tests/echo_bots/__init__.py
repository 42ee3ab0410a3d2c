"""Two bots on stock libraries, as their documentation shows them: of the local chat they know the address only."""
