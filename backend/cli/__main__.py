"""`python -m backend.cli`: the same as `citynet`."""

from backend.cli import main

main()
