"""Measures the budgets for speed and size: bin/bench. docs/adr/0030-how-budgets-are-measured.md says how and why so."""
