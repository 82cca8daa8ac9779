"""What somebody has to do, a module a kind: each gives Taken from what `basis` read, monitoring/worklist.py gathers."""
