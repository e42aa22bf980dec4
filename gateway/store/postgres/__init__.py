"""The store on PostgreSQL, for a desk that moves between nodes; needs the extra `postgres` (psycopg)."""
