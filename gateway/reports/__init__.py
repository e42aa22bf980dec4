"""The report of the desk: its statistics, and the page that shows them."""
