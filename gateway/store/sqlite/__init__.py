"""The store on SQLite: writer, transactions, outbox, migrations, integrity, backups."""
