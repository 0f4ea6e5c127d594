"""__main__.py - covdb-fleet: a dataset brought up to date, or a database made of it."""
from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Optional

from covdb_fleet import job as fleet
from covdb_fleet import steps
from covdb_fleet.dataset import is_object
from covdb_fleet.engines import DuckEngine, Engine, SparkEngine


def read_arguments(words: Optional[list[str]]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="covdb-fleet", description="snapshots of many hosts and kernels, on an engine that exists")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="decode what is new, and bring footprints and regions up to date")
    run.add_argument("folders", nargs="+", help="folders of snapshots with their manifests, or URIs of them: s3://BUCKET/KEY")
    run.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")
    run.add_argument("--master", help="of spark: local-cluster[2,1,1024], spark://host:7077 (default: that of spark-submit)")
    run.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="of duckdb: workers (default: a processor each)")
    database = commands.add_parser("database", help="a database of covdb's, of all trials of a kernel")
    database.add_argument("--kernel", required=True, help="its build id")
    database.add_argument("-o", "--output", required=True)
    for command in (run, database):
        command.add_argument("--dataset", required=True, help="its folder or URI; kernel/BUILD_ID.covkernel are the packed kernels")
        command.add_argument("--covdb", default="covdb", help="the program (default: covdb)")
        command.add_argument("--rule", default="permutation", choices=("rate", "poisson", "permutation"))
        command.add_argument("--baseline", help="platform/name (default: the only idle one on a host)")
    return parser.parse_args(words)


def absolute(place: str) -> str:
    """A place as workers find it too, who are in folders of their own."""
    return place.rstrip("/") if is_object(place) else os.path.abspath(place)


def main(words: Optional[list[str]] = None) -> int:
    """Return: 0; 1 if something is among the problems, or failed."""
    arguments = read_arguments(words)
    # Workers are in folders of their own.
    program = os.path.abspath(arguments.covdb) if os.sep in arguments.covdb else arguments.covdb
    job = steps.Job(absolute(arguments.dataset), program, arguments.rule, arguments.baseline,
                    (os.cpu_count() or 1) if arguments.command == "database" else 1)
    try:
        if arguments.command == "database":
            steps.make_database(job, arguments.kernel, arguments.output)
            return 0
        return bring_up_to_date(arguments, job)
    except (steps.StepError, OSError, RuntimeError) as error:
        print(f"covdb-fleet: {error}", file=sys.stderr)
        return 1


def bring_up_to_date(arguments: argparse.Namespace, job: steps.Job) -> int:
    """The command run. Return: as main()."""
    engine: Engine = (SparkEngine(arguments.master) if arguments.engine == "spark"
                      else DuckEngine(arguments.jobs, sys.stderr.isatty()))
    try:
        report = fleet.run(job, engine, [absolute(folder) for folder in arguments.folders])
    finally:
        engine.close()
    for problem in report["problems"]:
        print(f"covdb-fleet: {problem['manifest']}: {problem['reason']}", file=sys.stderr)
    print(json.dumps({**report, "problems": len(report["problems"])}))
    return 1 if report["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
