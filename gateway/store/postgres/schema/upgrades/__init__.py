"""SQL from each version of the schema to the next one, as `vNNNN_name.sql`."""
