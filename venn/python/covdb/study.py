"""study.py - a database opened, and what can be asked of it."""
from __future__ import annotations

import os
import sqlite3
import urllib.parse
from typing import Any, NoReturn, Optional, Sequence, Union

import pandas

APPLICATION_ID = 0x436F7644
SCHEMA_VERSIONS = (10, 11)  # with the views that are used here


class DatabaseError(Exception):
    """What was asked for is not in the database, or the file is none of covdb's."""


def open(path: Union[str, os.PathLike[str], None] = None, *, kernel: Optional[str] = None, rule: Optional[str] = None,
         baseline: Optional[str] = None) -> Study:
    """Open a database to read it; by default that of $COVDB, else covdb.sqlite, as the command does.

    kernel is the name of one of several registered kernels. rule and baseline choose the footprints, by default the
    newest, as the options of the command do.
    """
    chosen = os.fspath(path) if path is not None else os.environ.get("COVDB", "covdb.sqlite")
    if not os.path.isfile(chosen):
        raise DatabaseError(f"{chosen}: no such file")
    connection = sqlite3.connect(f"file:{urllib.parse.quote(os.path.abspath(chosen))}?mode=ro", uri=True)
    try:
        return Study(connection, chosen, kernel, rule, baseline)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise DatabaseError(f"{chosen}: {error}") from error
    except DatabaseError:
        connection.close()
        raise


class Study:
    """One kernel of a database and its footprints by one rule against one baseline."""

    def __init__(self, connection: sqlite3.Connection, path: str, kernel: Optional[str], rule: Optional[str],
                 baseline: Optional[str]) -> None:
        self.connection = connection
        self.path = path
        self._check_file()
        self.kernel_id, self.kernel = self._choose_kernel(kernel)
        self.analysis_id, self.rule, self.baseline = self._choose_analysis(rule, baseline)
        self._bits = {int(bit): str(name) for bit, name in connection.execute(
            "SELECT bit, name FROM platform WHERE platform_id IN (SELECT platform_id FROM footprint WHERE analysis_id = ?)"
            " ORDER BY bit", (self.analysis_id,))}

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self.connection.close()

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pandas.DataFrame:
        """The rows of any query over the tables and views of docs/schema.md."""
        return pandas.read_sql_query(query, self.connection, params=tuple(parameters))

    @property
    def platforms(self) -> list[str]:
        """Names of the platforms with footprints, in the order of the experiment."""
        return list(self._bits.values())

    @property
    def workloads(self) -> list[str]:
        """Names of the workloads with footprints; groups of them and phases are workloads, too, but no baselines."""
        rows = self.connection.execute(
            "SELECT name FROM workload WHERE kind NOT IN ('idle', 'observer') AND workload_id IN"
            " (SELECT workload_id FROM region WHERE analysis_id = ?) ORDER BY workload_id", (self.analysis_id,))
        return [str(name) for (name,) in rows]

    def directories(self) -> pandas.DataFrame:
        """directory, found: how many instrumented lines each has; '.' is the whole kernel."""
        return self.sql("SELECT path AS directory, found FROM directory WHERE kernel_id = ? ORDER BY path", (self.kernel_id,))

    def venn(self, directory: str = ".", workload: Optional[str] = None) -> pandas.DataFrame:
        """Regions of a directory: platforms (a tuple of names), lines, low, high, the largest first.

        A region is what exactly these platforms have in their footprints. low and high are the fewest and the most lines
        over resamples of the trials, missing where there are too few. Without a workload all are united.
        """
        path = self._directory(directory)
        frame = self.sql(
            "SELECT mask, lines, low, high FROM region JOIN directory USING (directory_id)"
            " WHERE analysis_id = ? AND kernel_id = ? AND path = ? AND workload_id = ? AND lines > 0 ORDER BY lines DESC, mask",
            (self.analysis_id, self.kernel_id, path, self._workload(workload)))
        frame.insert(0, "platforms", pandas.Series([self._names(int(mask)) for mask in frame["mask"]], dtype=object))
        return frame.drop(columns="mask").astype({"lines": "int64", "low": "Int64", "high": "Int64"})

    def summary(self, directory: str = ".", workload: Optional[str] = None) -> pandas.DataFrame:
        """platform, lines, found, coverage: the paper's Table 2 for a directory."""
        frame = self.sql(
            "SELECT platform, lines, found FROM footprint_directory JOIN platform ON platform.name = platform"
            " WHERE analysis_id = ? AND directory = ? AND workload IS ? ORDER BY bit",
            (self.analysis_id, self._directory(directory), workload if self._workload(workload) else None))
        frame["coverage"] = frame["lines"] / frame["found"]
        return frame

    def footprint(self, platform: str, directory: str = ".", workload: Optional[str] = None) -> pandas.DataFrame:
        """file, line, count, ratio, p_value: each line that a platform executes beyond the baseline, by file and line.

        count is over all its trials. ratio is executions per second divided by those of the baseline, missing where the
        baseline never ran the line, and where workloads are united. p_value is that of rules that test.
        """
        first, behind = self._range(directory)
        chosen = self._footprints(platform, workload)
        alone = "," not in chosen
        return self.sql(
            "SELECT file.path AS file, line.line, sum(e.count) AS count,"
            f" {'ratio' if alone else 'NULL'} AS ratio, {'p_value' if alone else 'min(p_value)'} AS p_value FROM footprint_line e"
            " JOIN line ON line.kernel_id = ? AND line.line_id = e.line_id"
            " JOIN file ON file.kernel_id = line.kernel_id AND file.file_id = line.file_id"
            f" WHERE e.footprint_id IN ({chosen}) AND e.line_id >= ? AND e.line_id < ? GROUP BY e.line_id ORDER BY e.line_id",
            (self.kernel_id, first, behind)).astype({"line": "int64", "count": "int64", "ratio": "float64", "p_value": "float64"})

    def rates(self, file: str, workload: Optional[str] = None) -> pandas.DataFrame:
        """platform, workload, trial, line, count, rate_per_s: how often each line ran in each trial that succeeded.

        As measured: nothing is subtracted. A line that a trial did not execute has no row.
        """
        self._file(file)
        condition = " AND r.workload = ?" if workload is not None else ""
        return self.sql(
            "SELECT r.platform, r.workload, r.trial, r.line, r.count, r.rate_per_s FROM trial_line_named r"
            " JOIN trial USING (trial_id) WHERE r.file = ? AND kernel_id = ? AND status = 'ok' AND r.count <> 0" + condition +
            " ORDER BY trial_id, line", (file, self.kernel_id) + ((workload,) if workload is not None else ()))

    def functions(self, directory: str = ".", workload: Optional[str] = None) -> pandas.DataFrame:
        """function, file, line, and a column of calls for each platform: calls in its trials, without the observers'."""
        first, behind = self._range(directory)
        ids = {name: self._footprints(name, workload) for name in self.platforms}
        columns = ", ".join(f"ifnull(sum(CASE WHEN c.footprint_id IN ({ids[name]}) THEN c.calls END), 0) AS \"{name}\"" for name in ids)
        chosen = ", ".join(ids.values())
        return self.sql(
            f"SELECT f.name AS function, s.path AS file, f.start_line AS line, {columns} FROM footprint_function c"
            " JOIN function f ON f.kernel_id = ? AND f.function_id = c.function_id"
            " JOIN file s ON s.kernel_id = f.kernel_id AND s.file_id = f.file_id"
            f" WHERE c.footprint_id IN ({chosen}) AND s.line_first >= ? AND s.line_first < ?"
            " GROUP BY f.name, s.path, f.start_line ORDER BY s.path, f.start_line, f.name", (self.kernel_id, first, behind))

    def calls(self, function: str) -> pandas.DataFrame:
        """platform, workload, file, calls, seconds, per_s: how often a function was called in all trials, as measured."""
        frame = self.sql(
            "SELECT platform, workload, file, calls, seconds FROM function_calls WHERE kernel_id = ? AND function = ?",
            (self.kernel_id, function))
        frame["per_s"] = frame["calls"] / frame["seconds"]
        return frame

    def metrics(self) -> pandas.DataFrame:
        """platform, workload, trial, metric, labels (JSON), value, unit, is_emulated: what the workloads measured."""
        return self.sql("SELECT platform, workload, trial, metric, labels, value, unit, is_emulated FROM metric_named"
                        " WHERE kernel_id = ?", (self.kernel_id,))

    def _fail(self, text: str) -> NoReturn:
        raise DatabaseError(f"{self.path}: {text}")

    def _check_file(self) -> None:
        (application,) = self.connection.execute("PRAGMA application_id").fetchone()
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            self._fail("not a database of covdb")
        if version not in SCHEMA_VERSIONS:
            self._fail(f"schema version {version}, and this module reads {' and '.join(map(str, SCHEMA_VERSIONS))}: any"
                       " command of the newest covdb converts an older one")

    def _choose_kernel(self, name: Optional[str]) -> tuple[int, str]:
        rows = self.connection.execute("SELECT kernel_id, name FROM kernel").fetchall()
        chosen = [row for row in rows if name is None or row[1] == name]
        if len(chosen) != 1:
            there = ", ".join(row[1] for row in rows) or "none"
            self._fail(f"no kernel {name}; there is: {there}" if name else f"kernels: {there}; say which one by kernel=")
        return int(chosen[0][0]), str(chosen[0][1])

    def _choose_analysis(self, rule: Optional[str], baseline: Optional[str]) -> tuple[int, str, str]:
        rows = self.connection.execute("SELECT analysis_id, rule, baseline FROM analysis WHERE kernel_id = ? ORDER BY analysis_id",
                                       (self.kernel_id,)).fetchall()
        chosen = [row for row in rows if (rule is None or row[1] == rule) and (baseline is None or row[2] == baseline)]
        if not chosen:
            there = ", ".join(f"{row[1]} against {row[2]}" for row in rows) or "none; 'covdb diff' makes them"
            self._fail(f"no such footprints; there are: {there}")
        return int(chosen[-1][0]), str(chosen[-1][1]), str(chosen[-1][2])

    def _names(self, mask: int) -> tuple[str, ...]:
        return tuple(name for bit, name in self._bits.items() if mask >> bit & 1)

    def _directory(self, directory: str) -> str:
        path = directory.rstrip("/") or "."
        if not self.connection.execute("SELECT 1 FROM directory WHERE kernel_id = ? AND path = ?", (self.kernel_id, path)).fetchone():
            self._fail(f"no instrumented code in a directory {directory}")
        return path

    def _range(self, directory: str) -> tuple[int, int]:
        first, count = self.connection.execute("SELECT line_first, line_count FROM directory WHERE kernel_id = ? AND path = ?",
                                               (self.kernel_id, self._directory(directory))).fetchone()
        return int(first), int(first + count)

    def _file(self, file: str) -> None:
        if not self.connection.execute("SELECT 1 FROM file WHERE kernel_id = ? AND path = ?", (self.kernel_id, file)).fetchone():
            self._fail(f"no instrumented file {file}")

    def _workload(self, name: Optional[str]) -> int:
        """Its id as region has it; 0: all united."""
        if name is None:
            return 0
        row = self.connection.execute(
            "SELECT workload_id FROM workload WHERE name = ? AND workload_id IN (SELECT workload_id FROM region WHERE analysis_id = ?)",
            (name, self.analysis_id)).fetchone()
        if not row:
            self._fail(f"no footprints of a workload {name}; there are: {', '.join(self.workloads)}")
        return int(row[0])

    def _footprints(self, platform: str, workload: Optional[str]) -> str:
        """Their ids, as SQL has a list: those of its members for a group of workloads, which has no lines of its own."""
        if platform not in self.platforms:
            self._fail(f"no footprints of a platform {platform}; there are: {', '.join(self.platforms)}")
        chosen = self._workload(workload)
        rows = self.connection.execute(
            "SELECT footprint_id FROM footprint JOIN platform USING (platform_id) WHERE analysis_id = ?1 AND name = ?2 AND"
            " iif(?3 IN (SELECT group_id FROM workload_member),"
            " workload_id IN (SELECT workload_id FROM workload_member WHERE group_id = ?3), ifnull(workload_id, 0) = ?3)",
            (self.analysis_id, platform, chosen)).fetchall()
        if not rows:
            self._fail(f"platform {platform} has no footprint of workload {workload}")
        return ", ".join(str(footprint) for (footprint,) in rows)
