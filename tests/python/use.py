"""use.py - the module as a program uses it, for the checker of types."""
import pandas

import covdb

with covdb.open("covdb.sqlite", rule="rate") as study:
    regions: pandas.DataFrame = study.venn("net/", workload="cpu")
    lines: pandas.DataFrame = study.footprint("gvisor", "mm")
    names: list[str] = study.platforms
    print(len(regions), len(lines), names, study.rates("mm/mmap.c").shape)
