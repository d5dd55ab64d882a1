"""Real workers, a real broker and a real database, killed, cut off and filled up while they harvest."""
