"""HTML pages and charts, without scripts."""
