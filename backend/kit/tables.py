"""What the tables of schema `app` are made of.

The statements name tables without a schema, as all SQL here does; the search path decides.
"""

from sqlalchemy import MetaData

metadata = MetaData()
"""All tables that the migrations make; each domain adds its own in `tables.py`."""
