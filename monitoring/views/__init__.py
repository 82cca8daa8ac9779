"""Pages of scores: `reading` shows them, `entry` takes them, `rapport` prints them and carries them to the OOGO."""
