#!/usr/bin/env python3
"""fleet_compare.py DATASET DATABASE RULE - what a dataset has of the database's kernel is what the
newest analysis of it by a rule has, row by row."""
import os
import sqlite3
import sys

import pyarrow.parquet

root, path, rule = sys.argv[1:]
database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
(analysis,) = database.execute("SELECT analysis_id FROM analysis WHERE rule = ? ORDER BY analysis_id DESC", (rule,)).fetchone()
(build_id,) = database.execute("SELECT build_id FROM kernel").fetchone()
bits = dict(database.execute("SELECT name, 1 << bit FROM platform"))
differences = 0


def read(table):
    """Rows of a table of the dataset that are of the kernel, without its partitions."""
    files = sorted(os.path.join(where, name) for where, _, names in os.walk(os.path.join(root, table)) for name in names
                   if name.endswith(".parquet") and ("kernel=" not in where or f"kernel={build_id}" in where)
                   and ("rule=" not in where or f"rule={rule}" in where))
    assert files, f"no {table}"
    rows = [row for file in files for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()]
    return [row for row in rows if row.get("kernel", build_id) == build_id and row.get("rule", rule) == rule]


def compare(what, expected, got):
    """Rows of both sides, none of which may be there twice."""
    global differences
    assert isinstance(got, list), what
    differences += len(got) - len(set(got))
    expected, got = set(expected), set(got)
    differences += len(expected ^ got)
    print(f"{what}: {len(expected | got)} rows compared, {len(expected ^ got)} differences")
    for row in sorted(expected ^ got)[:5]:
        print(f"    {'only in the database' if row in expected else 'only in the dataset'}: {row}")
    assert expected


mask_of = {row["bit_value"]: bits[row["platform"]] for row in read("platform")}


def renamed(mask):
    """A mask of the dataset, whose platforms may stand in another order, as one of the database."""
    return sum(bit for own, bit in mask_of.items() if mask & own)


compare("footprints", {(p, w, line, count, kept) for kept, view in ((True, "line"), (False, "removed")) for p, w, line, count in
                       database.execute(f"SELECT p.name, w.name, line_id, CAST(round(count) AS INTEGER) FROM footprint_{view}"
                                        " JOIN footprint USING (footprint_id) JOIN platform p USING (platform_id)"
                                        " JOIN workload w USING (workload_id) WHERE analysis_id = ? AND kind = 'workload'", (analysis,))},
        [(row["platform"], row["workload"], row["line_id"], row["count"], row["is_kept"]) for row in read("footprint")])
compare("groups", set(database.execute("SELECT p.name, w.name, baseline, trials, duration_ns, found, hit, removed, kept, resamples FROM footprint"
                                       " JOIN analysis USING (analysis_id) JOIN platform p USING (platform_id)"
                                       " JOIN workload w USING (workload_id) WHERE analysis_id = ? AND kind = 'workload'", (analysis,))),
        [tuple(row[key] for key in ("platform", "workload", "baseline", "trials", "duration_ns", "found", "hit", "removed", "kept", "resamples"))
         for row in read("group")])
compare("regions of all directories",
        set(database.execute("SELECT path, ifnull(name, ''), mask, lines, low, high FROM region JOIN directory USING (directory_id)"
                             " LEFT JOIN workload USING (workload_id) WHERE analysis_id = ?"
                             " AND (workload_id = 0 OR kind = 'workload')", (analysis,))),
        [(row["directory"], row["workload"], renamed(row["mask"]), row["lines"], row["low"], row["high"]) for row in read("region")])
compare("table 2 of all directories",
        {row for row in database.execute("SELECT directory, ifnull(workload, ''), platform, lines, found FROM footprint_directory"
                                         " WHERE analysis_id = ? AND (workload IS NULL OR kind = 'workload')", (analysis,)) if row[3]},
        [(row["directory"], row["workload"], row["platform"], row["lines"], row["found"]) for row in read("summary") if row["lines"]])
compare("lines", set(database.execute("SELECT line_id, path, line FROM line JOIN file USING (kernel_id, file_id)")),
        [(row["line_id"], row["file"], row["line"]) for row in read("line")])
compare("functions", set(database.execute("SELECT function_id, o.path, s.path, name, start_line, end_line FROM function JOIN object o"
                                          " USING (kernel_id, object_id) JOIN file s USING (kernel_id, file_id)")),
        [tuple(row.values()) for row in read("function")])
started = {row["trial"]: row for row in read("trial")}
hit_files = {name: os.path.join(root, "hit", f"kernel={build_id}", f"{name}.parquet") for name in started if started[name]["lines_hit"] is not None}
hits = {name: pyarrow.parquet.ParquetFile(file).read() for name, file in hit_files.items()}
compare("hits of trials", set(database.execute("SELECT p.name, w.name, started_at, lines_hit FROM trial JOIN platform p USING (platform_id)"
                                               " JOIN workload w USING (workload_id) WHERE kind <> 'phase' AND counters IS NOT NULL")),
        [(row["platform"], row["workload"], row["started_at"], sum(state > 1 for state in hits[name].column("state").to_pylist()))
         for name, row in started.items() if name in hits])
print(f"{sum(table.num_rows for table in hits.values())} rows of hits")
sys.exit(differences > 0)
