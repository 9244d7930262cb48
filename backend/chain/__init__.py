"""The chain engine: JSON-RPC, windows, facts, derived tables, reorganisations, sending. It knows no
domain.
"""
