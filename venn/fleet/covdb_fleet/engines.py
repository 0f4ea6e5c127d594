"""engines.py - what runs the steps and asks the questions: DuckDB on one machine, Spark on a cluster."""
from __future__ import annotations

import abc
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import os
import sys
import threading
from typing import Any, Callable, Iterable, Optional

import pyarrow

from covdb_fleet import dataset
from covdb_fleet.dataset import Dataset

ATTEMPTS = 4  # of a step whose worker dies, as Spark has it


class Engine(abc.ABC):
    """Maps a step over items, and answers queries."""

    @abc.abstractmethod
    def map(self, what: str, step: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        """Results of a step for each item, in any order. A step whose worker dies is done again, ATTEMPTS times at most."""

    @abc.abstractmethod
    def ask(self, views: dict[str, str], query: str) -> pyarrow.Table:
        """What a query over folders of Parquet answers; partitions of folders are columns."""

    @abc.abstractmethod
    def close(self) -> None:
        """Release what it has."""


def end_with_driver() -> None:
    """In a worker: see that it ends when the driver does, however that ends: it would wait for more to do for ever."""
    driver = multiprocessing.parent_process()

    def watch() -> None:
        if driver:
            driver.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class DuckEngine(Engine):
    """Processes of this machine for steps, DuckDB for questions."""

    def __init__(self, jobs: int, progress: bool) -> None:
        import duckdb

        self.jobs = jobs
        self.progress = progress
        self.pool: Optional[concurrent.futures.ProcessPoolExecutor] = None
        self.connection: Any = duckdb.connect()
        self.connection.execute(f"SET threads = {jobs}")

    def workers(self) -> concurrent.futures.ProcessPoolExecutor:
        """Those of this job: to begin takes one longer than many a step."""
        if not self.pool:
            self.pool = concurrent.futures.ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"), end_with_driver)
        return self.pool

    def end_workers(self) -> None:
        """The next step has others."""
        if self.pool:
            self.pool.shutdown()
        self.pool = None

    def map(self, what: str, step: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        left, results = list(items), []
        for attempt in range(ATTEMPTS):
            failures: list[Any] = []
            error: Optional[BaseException] = None
            futures = {}
            for item in left:
                try:
                    futures[self.workers().submit(step, item)] = item
                except concurrent.futures.process.BrokenProcessPool as reason:
                    failures.append(item)
                    error = reason
            for future in concurrent.futures.as_completed(futures):
                try:
                    results.append(future.result())
                except (concurrent.futures.process.BrokenProcessPool, RuntimeError, OSError) as reason:
                    failures.append(futures[future])
                    error = reason
                self.show(what, len(results), len(items))
            if not failures:
                return results
            self.end_workers()
            print(f"{what}: a worker died ({error}); {len(failures)} of {len(items)} are tried again", file=sys.stderr)
            left = failures
        raise RuntimeError(f"{what}: {len(left)} of {len(items)} failed {ATTEMPTS} times: {error}")

    def show(self, what: str, done: int, count: int) -> None:
        """How far it is, on a terminal."""
        if self.progress:
            print(f"\r{what}: {done} of {count}", end="\n" if done == count else "", file=sys.stderr, flush=True)

    def ask(self, views: dict[str, str], query: str) -> pyarrow.Table:
        for name, folder in views.items():
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{quote(self.reach(folder))}/**/*.parquet', hive_partitioning = true,"
                " hive_types_autocast = false)")
        return self.connection.sql(query).to_arrow_table()

    def reach(self, folder: str) -> str:
        """A folder by the name that DuckDB has for it. Objects it reads as the steps do, by Arrow: its own extension would have to be fetched."""
        if not dataset.is_object(folder):
            return folder
        from fsspec.implementations.arrow import ArrowFSWrapper

        system, where = dataset.system_of(folder)
        wrapper = ArrowFSWrapper(system)
        if not self.connection.filesystem_is_registered(wrapper.protocol):
            self.connection.register_filesystem(wrapper)
        return f"{wrapper.protocol}://{where}"

    def close(self) -> None:
        self.end_workers()
        self.connection.close()


class SparkEngine(Engine):
    """A Spark cluster, whose workers have covdb and the dataset's folder at the same paths."""

    def __init__(self, master: Optional[str]) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("covdb-fleet").config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        if master:
            builder = builder.master(master)
        self.spark: Any = builder.config("spark.task.maxFailures", str(ATTEMPTS)).getOrCreate()

    def map(self, what: str, step: Callable[[Any], Any], items: list[Any]) -> list[Any]:
        self.spark.sparkContext.setJobDescription(what)
        slices = min(len(items), max(1, 4 * self.spark.sparkContext.defaultParallelism))
        return list(self.spark.sparkContext.parallelize(items, slices).map(step).collect()) if items else []

    def ask(self, views: dict[str, str], query: str) -> pyarrow.Table:
        for name, folder in views.items():
            # Hadoop's name of what all others call s3. What another job is writing is no Parquet yet.
            place = f"s3a{folder[2:]}" if folder.startswith("s3://") else folder
            self.spark.read.option("pathGlobFilter", "*.parquet").parquet(place).createOrReplaceTempView(name)
        return self.spark.sql(query).toArrow()

    def close(self) -> None:
        self.spark.stop()


def quote(path: str) -> str:
    """A path within quotes of SQL."""
    return path.replace("'", "''")


def views(columns: Dataset, wanted: Iterable[str]) -> dict[str, str]:
    """The folder of each view."""
    return {name: columns.path(name) for name in wanted}
