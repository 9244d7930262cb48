"""The demo: chain, database, indexer and server under one supervisor, and a scenario on the ledger."""
