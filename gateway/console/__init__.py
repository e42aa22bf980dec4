"""The console: web pages for the staff. It reads the database, and sends requests to the gateway's socket."""
