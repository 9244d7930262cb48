"""Gas of every action beside its floor; run by `scripts/gas.py`."""
