"""The desk's report: its statistics, and the page that shows them."""
