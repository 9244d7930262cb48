"""New blocks and their facts as server-sent events."""
