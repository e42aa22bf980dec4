"""Active checks: an SMTP conversation with a server, an application, a test letter."""
