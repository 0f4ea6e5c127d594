"""covdb - what a database of covdb says, as pandas data frames.

    import covdb
    study = covdb.open("covdb.sqlite")
    study.venn("net/")                 # regions of a directory
    study.footprint("gvisor")          # lines that a platform executes beyond the baseline
    study.rates("mm/mmap.c")           # executions per second of each line, trial by trial

Everything comes out of the tables and views that docs/schema.md describes: what this module does
not have, Study.sql() and plain SQL do.
"""
from covdb.study import DatabaseError, Study, open

__all__ = ["DatabaseError", "Study", "open"]
