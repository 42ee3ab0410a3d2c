"""What there is: numbers, errors, contracts, tiers, the book, pools, and the steps that a result carries."""
