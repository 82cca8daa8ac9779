"""Pages of counts: `entry` takes them, `reading` shows them, `files` carries them in and out."""
