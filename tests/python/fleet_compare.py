#!/usr/bin/env python3
"""fleet_compare.py DATASET DATABASE RULE - what a dataset has of the database's kernel is what the
newest analysis of it by a rule has, row by row."""
import gc
import os
import sqlite3
import sys

import pyarrow.compute
import pyarrow.parquet

# Millions of rows, none of which refers to another: looking for circles among them takes longer than comparing them.
gc.disable()
root, path, rule = sys.argv[1:]
database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
(analysis,) = database.execute("SELECT analysis_id FROM analysis WHERE rule = ? ORDER BY analysis_id DESC", (rule,)).fetchone()
(build_id,) = database.execute("SELECT build_id FROM kernel").fetchone()
bits = dict(database.execute("SELECT name, 1 << bit FROM platform"))
differences = 0


def read(table, *columns):
    """Rows of a table of the dataset that are of the kernel, without its partitions, as tuples of some or all columns. By columns: of
    millions of rows, none is made a dictionary."""
    files = sorted(os.path.join(where, name) for where, _, names in os.walk(os.path.join(root, table)) for name in names
                   if name.endswith(".parquet") and ("kernel=" not in where or f"kernel={build_id}" in where)
                   and ("rule=" not in where or f"rule={rule}" in where))
    assert files, f"no {table}"
    rows = []
    for file in files:
        part = pyarrow.parquet.ParquetFile(file).read()
        for key, value in ("kernel", build_id), ("rule", rule):
            if key in part.column_names:
                part = part.filter(pyarrow.compute.equal(part.column(key), value))
        rows += zip(*(part.column(name).to_pylist() for name in columns or part.column_names))
    return rows


def compare(what, expected, got):
    """Rows of both sides, none of which may be there twice."""
    global differences
    assert isinstance(got, list), what
    assert isinstance(expected, set), what
    there = set(got)
    wrong = expected ^ there
    differences += len(got) - len(there) + len(wrong)
    print(f"{what}: {(len(expected) + len(there) + len(wrong)) // 2} rows compared, {len(wrong)} differences")
    for row in sorted(wrong)[:5]:
        print(f"    {'only in the database' if row in expected else 'only in the dataset'}: {row}")
    assert expected


mask_of = {bit: bits[platform] for bit, platform in read("platform", "bit_value", "platform")}


def renamed(mask):
    """A mask of the dataset, whose platforms may stand in another order, as one of the database."""
    return sum(bit for own, bit in mask_of.items() if mask & own)


# By the number of each: names, a million times, take as long as what they stand for.
groups = {(platform, workload): footprint for footprint, platform, workload in database.execute(
    "SELECT footprint_id, p.name, w.name FROM footprint JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
    " WHERE analysis_id = ? AND kind = 'workload'", (analysis,))}
compare("footprints", {(group, line, count, kept) for group in groups.values() for kept, view in ((True, "line"), (False, "removed"))
                       for line, count in database.execute(
                           f"SELECT line_id, CAST(round(count) AS INTEGER) FROM footprint_{view} WHERE footprint_id = ?", (group,))},
        [(groups.get((platform, workload), 0), line, count, kept) for platform, workload, line, count, kept in
         read("footprint", "platform", "workload", "line_id", "count", "is_kept")])
compare("groups", set(database.execute("SELECT p.name, w.name, baseline, trials, duration_ns, found, hit, removed, kept, resamples FROM footprint"
                                       " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id)"
                                       " JOIN workload w USING (workload_id) WHERE analysis_id = ? AND kind = 'workload'", (analysis,))),
        read("group", "platform", "workload", "baseline", "trials", "duration_ns", "found", "hit", "removed", "kept", "resamples"))
compare("regions of all directories",
        set(database.execute("SELECT path, ifnull(name, ''), mask, lines, low, high FROM region JOIN directory USING (directory_id)"
                             " LEFT JOIN workload USING (workload_id) WHERE analysis_id = ?"
                             " AND (workload_id = 0 OR kind = 'workload')", (analysis,))),
        [(directory, workload, renamed(mask), *numbers) for directory, workload, mask, *numbers in
         read("region", "directory", "workload", "mask", "lines", "low", "high")])
compare("table 2 of all directories",
        {row for row in database.execute("SELECT directory, ifnull(workload, ''), platform, lines, found FROM footprint_directory"
                                         " WHERE analysis_id = ? AND (workload IS NULL OR kind = 'workload')", (analysis,)) if row[3]},
        [row for row in read("summary", "directory", "workload", "platform", "lines", "found") if row[3]])
compare("lines", set(database.execute("SELECT line_id, path, line FROM line JOIN file USING (kernel_id, file_id)")),
        read("line", "line_id", "file", "line"))
compare("functions", set(database.execute("SELECT function_id, o.path, s.path, name, start_line, end_line FROM function JOIN object o"
                                          " USING (kernel_id, object_id) JOIN file s USING (kernel_id, file_id)")),
        read("function"))
started = {trial: about for trial, *about in read("trial", "trial", "platform", "workload", "started_at", "lines_hit")}
hit_files = {name: os.path.join(root, "hit", f"kernel={build_id}", f"{name}.parquet") for name in started if started[name][3] is not None}
hits = {name: pyarrow.parquet.ParquetFile(file).read().column("state") for name, file in hit_files.items()}
compare("hits of trials", set(database.execute("SELECT p.name, w.name, started_at, lines_hit FROM trial JOIN platform p USING (platform_id)"
                                               " JOIN workload w USING (workload_id) WHERE kind <> 'phase' AND counters IS NOT NULL")),
        [(*started[name][:3], pyarrow.compute.sum(pyarrow.compute.greater(states, 1)).as_py() or 0) for name, states in hits.items()])
print(f"{sum(map(len, hits.values()))} rows of hits")
sys.exit(differences > 0)
