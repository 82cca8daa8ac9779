"""Pages of the monitor: `reading` shows scores, `entry` takes them, `rapport` prints; the rest say it in their name."""
