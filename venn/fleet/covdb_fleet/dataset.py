"""dataset.py - where everything of a dataset is, and how a file of it comes to be: whole, under its name, or not at all.

A place is a path, or the URI of an object in a store that Arrow reads: s3://BUCKET/KEY, gs://BUCKET/KEY, abfs://.
"""
from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import secrets
import tempfile
from typing import Any, Iterator, Optional

import pyarrow
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet

HIT = pyarrow.schema([("line_id", pyarrow.uint32()), ("count", pyarrow.int64()), ("state", pyarrow.uint8())])
FOOTPRINT = pyarrow.schema([("platform", pyarrow.string()), ("workload", pyarrow.string()), ("line_id", pyarrow.uint32()),
                            ("count", pyarrow.int64()), ("is_kept", pyarrow.bool_())])
GROUP = pyarrow.schema([("platform", pyarrow.string()), ("workload", pyarrow.string()), ("baseline", pyarrow.string()),
                        ("trials", pyarrow.int32()), ("duration_ns", pyarrow.int64()), ("found", pyarrow.int32()),
                        ("hit", pyarrow.int32()), ("removed", pyarrow.int32()), ("kept", pyarrow.int32()),
                        ("resamples", pyarrow.int32()), ("key", pyarrow.string())])
WITHOUT = pyarrow.schema([("platform", pyarrow.string()), ("workload", pyarrow.string()), ("resample", pyarrow.uint8()),
                          ("line_id", pyarrow.uint32()), ("is_kept", pyarrow.bool_())])
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
        files = [name for name in names(folder) if name.endswith(".parquet")]
        if not files:
            return []
        system, where = system_of(folder)
        rows = pyarrow.dataset.dataset([f"{where}/{name}" for name in sorted(files)], TRIAL, "parquet", system).to_table().to_pylist()
        return sorted(rows, key=lambda row: (row["started_at"], row["trial"]))


def is_object(place: str) -> bool:
    """Whether a place is in a store, rather than on this machine."""
    return "://" in place


@functools.lru_cache(maxsize=None)
def open_store(beginning: str) -> tuple[Any, str]:
    """The file system of URIs that begin so, and what their paths begin with there. Keys, endpoint and region come from the environment."""
    system, path = pyarrow.fs.FileSystem.from_uri(beginning)
    return system, str(path)


def system_of(place: str) -> tuple[Any, str]:
    """The file system of a place, and its path there."""
    if not is_object(place):
        return pyarrow.fs.LocalFileSystem(), place
    scheme, _, rest = place.partition("://")
    bucket, _, key = rest.partition("/")
    system, path = open_store(f"{scheme}://{bucket}")
    return system, f"{path.rstrip('/')}/{key}".rstrip("/")


def about(place: str) -> Any:
    """Kind, size and time of change of a place."""
    system, where = system_of(place)
    return system.get_file_info(where)


def exists(place: str) -> bool:
    """Whether there is such a file."""
    return bool(about(place).type == pyarrow.fs.FileType.File)


def names(folder: str) -> list[str]:
    """What is in a folder; nothing in one that is not there."""
    system, where = system_of(folder)
    return [entry.base_name for entry in system.get_file_info(pyarrow.fs.FileSelector(where, allow_not_found=True))]


def read_bytes(place: str) -> bytes:
    """What a file is made of."""
    system, where = system_of(place)
    with system.open_input_file(where) as file:
        return bytes(file.read())


def bring(place: str, folder: str) -> str:
    """Make a file of a place a name in a folder of this machine: a link to a file, a copy of an object. Return: its path there."""
    path = os.path.join(folder, os.path.basename(place))
    if not is_object(place):
        os.symlink(os.path.abspath(place), path)
    else:
        with open(path, "wb") as file:
            file.write(read_bytes(place))
    return path


@functools.lru_cache(maxsize=2)
def copied(place: str) -> tuple[tempfile.TemporaryDirectory[str], str]:
    """A copy of an object, and the folder that has it: until two others were asked for, or the process ends."""
    folder = tempfile.TemporaryDirectory()
    return folder, bring(place, folder.name)


def keep(place: str) -> str:
    """The path of a file that does not change and that many steps of a worker need: itself on this machine, else a copy."""
    return copied(place)[1] if is_object(place) else place


def trial_id(manifest: bytes) -> str:
    """What a trial is called: the same manifest twice is the same trial, and two hosts never share a name."""
    return hashlib.sha256(manifest).hexdigest()[:20]


def beside(path: str) -> str:
    """A name that nobody else takes, in the folder of a file that is to appear there."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return f"{path}.{os.getpid()}.{secrets.token_hex(4)}.partial"


def write_bytes(place: str, data: Any) -> None:
    """Write a file that appears whole, as an object of a store always does."""
    if is_object(place):
        system, where = system_of(place)
        with system.open_output_stream(where) as stream:
            stream.write(data)
        return
    partial = beside(place)
    with open(partial, "wb") as file:
        file.write(data)
    os.replace(partial, place)


def write_table(place: str, table: pyarrow.Table) -> None:
    """Write Parquet that appears whole: sorted rows take few bytes by difference, strings by dictionary."""
    encodings = {"line_id": "DELTA_BINARY_PACKED"} if "line_id" in table.column_names else None
    buffer = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, buffer, compression="zstd", column_encoding=encodings,
                                use_dictionary=[name for name in table.column_names if name != "line_id"])
    write_bytes(place, buffer.getvalue())


def write_rows(path: str, schema: pyarrow.Schema, rows: list[Any]) -> None:
    """Rows, tuples in the order of the schema or dictionaries, as Parquet."""
    if rows and isinstance(rows[0], tuple):
        columns = list(zip(*rows))
        arrays = [pyarrow.array(column, type=field.type) for column, field in zip(columns, schema)]
        write_table(path, pyarrow.Table.from_arrays(arrays, schema=schema))
    else:
        write_table(path, pyarrow.Table.from_pylist(rows, schema=schema))


def read_rows(place: str) -> list[dict[str, Any]]:
    """The rows of one file; none if another job has just removed it."""
    try:
        return list(read_table(place).to_pylist())
    except FileNotFoundError:
        return []


def read_table(place: str) -> pyarrow.Table:
    """One file of Parquet."""
    return pyarrow.parquet.ParquetFile(pyarrow.BufferReader(read_bytes(place))).read()


def remove(place: str) -> None:
    """Remove a file, unless another job has just done so."""
    system, where = system_of(place)
    try:
        system.delete_file(where)
    except FileNotFoundError:
        pass


def manifests(folders: list[str]) -> Iterator[str]:
    """Every manifest in folders that collect wrote, in folders of such, or in folders of manifests."""
    for folder in folders:
        system, where = system_of(folder)
        below = system.get_file_info(pyarrow.fs.FileSelector(where, recursive=True))
        for path in sorted(entry.path for entry in below if entry.type == pyarrow.fs.FileType.File):
            if path.endswith(".json"):
                yield folder.rstrip("/") + path[len(where.rstrip("/")):]


def read_manifest(place: str) -> tuple[bytes, Optional[dict[str, Any]]]:
    """The bytes of a manifest, and what it says; None if it is a file of another kind."""
    data = read_bytes(place)
    said = json.loads(data)
    if not isinstance(said, dict) or said.get("format") != "covdb-trial":
        return data, None
    return data, said
