"""What the console keeps in memory: drafts, openings, printed rows and open connections, each for a while."""
