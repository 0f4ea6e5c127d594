"""dataset.py - where everything of a dataset is, and how a file of it comes to be: whole, under its name, or not at all."""
from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import secrets
from typing import Any, Iterator, Optional

import pyarrow
import pyarrow.parquet

HIT = pyarrow.schema([("line_id", pyarrow.uint32()), ("count", pyarrow.int64()), ("state", pyarrow.uint8())])
FOOTPRINT = pyarrow.schema([("platform", pyarrow.string()), ("workload", pyarrow.string()), ("line_id", pyarrow.uint32()),
                            ("count", pyarrow.int64()), ("is_kept", pyarrow.bool_())])
GROUP = pyarrow.schema([("platform", pyarrow.string()), ("workload", pyarrow.string()), ("baseline", pyarrow.string()),
                        ("trials", pyarrow.int32()), ("duration_ns", pyarrow.int64()), ("found", pyarrow.int32()),
                        ("hit", pyarrow.int32()), ("removed", pyarrow.int32()), ("kept", pyarrow.int32()), ("key", pyarrow.string())])
LINE = pyarrow.schema([("line_id", pyarrow.uint32()), ("file", pyarrow.string()), ("line", pyarrow.uint32())])
FUNCTION = pyarrow.schema([("function_id", pyarrow.uint32()), ("object", pyarrow.string()), ("file", pyarrow.string()),
                           ("name", pyarrow.string()), ("start_line", pyarrow.uint32()), ("end_line", pyarrow.uint32())])
DIRECTORY = pyarrow.schema([("directory", pyarrow.string()), ("file", pyarrow.string())])
TRIAL = pyarrow.schema([("trial", pyarrow.string()), ("host", pyarrow.string()), ("platform", pyarrow.string()),
                        ("driver", pyarrow.string()), ("workload", pyarrow.string()), ("kind", pyarrow.string()),
                        ("phase", pyarrow.string()), ("number", pyarrow.int32()), ("status", pyarrow.string()),
                        ("started_at", pyarrow.string()), ("duration_ns", pyarrow.int64()), ("lines_hit", pyarrow.int32()),
                        ("note", pyarrow.string()), ("manifest", pyarrow.string())])
PROBLEM = pyarrow.schema([("manifest", pyarrow.string()), ("reason", pyarrow.string())])


@dataclasses.dataclass(frozen=True)
class Dataset:
    """A folder of columns; `kernel=`, `rule=` are partitions as Hive writes them."""

    root: str

    def path(self, *parts: str) -> str:
        """The path of a file or folder of it."""
        return os.path.join(self.root, *parts)

    def kernel_file(self, build_id: str) -> str:
        """The packed kernel of a build."""
        return self.path("kernel", f"{build_id}.covkernel")

    def kernels(self) -> list[str]:
        """Builds of which there is a packed kernel."""
        return sorted(name[:-len(".covkernel")] for name in names(self.path("kernel")) if name.endswith(".covkernel"))

    def trials(self, build_id: str) -> list[dict[str, Any]]:
        """All trials of a build that were decoded, in the order in which they began."""
        folder = self.path("trial", f"kernel={build_id}")
        rows = [row for name in sorted(names(folder)) if name.endswith(".parquet") for row in read_rows(os.path.join(folder, name))]
        return sorted(rows, key=lambda row: (row["started_at"], row["trial"]))


def names(folder: str) -> list[str]:
    """What is in a folder; nothing in one that is not there."""
    return os.listdir(folder) if os.path.isdir(folder) else []


def trial_id(manifest: bytes) -> str:
    """What a trial is called: the same manifest twice is the same trial, and two hosts never share a name."""
    return hashlib.sha256(manifest).hexdigest()[:20]


def beside(path: str) -> str:
    """A name that nobody else takes, in the folder of a file that is to appear there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return f"{path}.{os.getpid()}.{secrets.token_hex(4)}.partial"


def write_bytes(path: str, data: bytes) -> None:
    """Write a file that appears whole."""
    partial = beside(path)
    with open(partial, "wb") as file:
        file.write(data)
    os.replace(partial, path)


def write_table(path: str, table: pyarrow.Table) -> None:
    """Write Parquet that appears whole: sorted rows take few bytes by difference, strings by dictionary."""
    partial = beside(path)
    encodings = {"line_id": "DELTA_BINARY_PACKED"} if "line_id" in table.column_names else None
    pyarrow.parquet.write_table(table, partial, compression="zstd", column_encoding=encodings,
                                use_dictionary=[name for name in table.column_names if name != "line_id"])
    os.replace(partial, path)


def write_rows(path: str, schema: pyarrow.Schema, rows: list[Any]) -> None:
    """Rows, tuples in the order of the schema or dictionaries, as Parquet."""
    if rows and isinstance(rows[0], tuple):
        columns = list(zip(*rows))
        arrays = [pyarrow.array(column, type=field.type) for column, field in zip(columns, schema)]
        write_table(path, pyarrow.Table.from_arrays(arrays, schema=schema))
    else:
        write_table(path, pyarrow.Table.from_pylist(rows, schema=schema))


def read_rows(path: str) -> list[dict[str, Any]]:
    """The rows of one file; none if another job has just removed it."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            return list(file.read().to_pylist())
    except FileNotFoundError:
        return []


def remove(path: str) -> None:
    """Remove a file, unless another job has just done so."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def manifests(folders: list[str]) -> Iterator[str]:
    """Every manifest in folders that collect wrote, in folders of such, or in folders of manifests."""
    for folder in folders:
        for where, below, files in os.walk(folder):
            below.sort()
            for name in sorted(files):
                if name.endswith(".json"):
                    yield os.path.join(where, name)


def read_manifest(path: str) -> tuple[bytes, Optional[dict[str, Any]]]:
    """The bytes of a manifest, and what it says; None if it is a file of another kind."""
    with open(path, "rb") as file:
        data = file.read()
    about = json.loads(data)
    if not isinstance(about, dict) or about.get("format") != "covdb-trial":
        return data, None
    return data, about
