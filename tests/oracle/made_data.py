#!/usr/bin/env python3
"""Data files with made-up counters for real notes, and real notes as others would write them.

usage: made_data.py counters MODE SEED NOTES...    writes the .gcda beside each .gcno
       made_data.py as-gcc-5 NOTES OUT             writes notes of GCC 12 as those of GCC 5.4
       made_data.py as-clang NOTES OUT             writes notes of GCC 12 as those of clang

NOTES and OUT are files, or folders with files below. As clang's, a function has the lines of its
own source only: llvm-cov prints no line that is beyond the end of the source it takes them for.

MODE is what the counters are: `walk`, consistent ones of random walks through each function;
`random`, up to 2^33 and without regard to each other; `negative`, the same between -2^20 and 2^20.
"""
import os
import random
import struct
import sys

FUNCTION, BLOCKS, ARCS, LINES, COUNTERS = 0x01000000, 0x01410000, 0x01430000, 0x01450000, 0x01A10000
ON_TREE, FAKE = 1, 2


class Notes:
    """A .gcno: its header's words, and per function the record, number of blocks, arcs and lines."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        _, self.version, self.stamp = struct.unpack_from("<3I", self.data)
        self.is_letter = self.version >> 24 >= ord("A")
        major = (self.version >> 24 & 255) - ord("A"), (self.version >> 16 & 255) - ord("0")
        self.number = major[0] * 10 + major[1] if self.is_letter else 0
        # Clang writes the word of GCC 12 above the layout of GCC 9.
        self.is_in_bytes = self.number >= 12 and self.word(12) == 0
        self.unit = 1 if self.is_in_bytes else 4
        self.functions = []
        place = 12 + 4 * self.is_in_bytes
        if self.number >= 9:
            place = self.text(place)[1]
        if self.number >= 8:
            place += 4
        while place + 8 <= len(self.data):
            tag, length = struct.unpack_from("<2I", self.data, place)
            if not tag:
                break
            self.read(tag, place + 8, length * self.unit)
            place += 8 + length * self.unit

    def word(self, place):
        return struct.unpack_from("<I", self.data, place)[0]

    def text(self, place):
        """A string and where it ends."""
        end = place + 4 + self.word(place) * self.unit
        return self.data[place + 4 : end].rstrip(b"\0"), end

    def read(self, tag, place, length):
        if tag == FUNCTION:
            has_cfg = self.is_letter or self.version >= 0x34303700  # "407"
            words = 3 if has_cfg else 2
            self.functions.append(
                {
                    "key": struct.unpack_from(f"<{words}I", self.data, place),
                    "rest": place + 4 * words,
                    "blocks": 0,
                    "arcs": [],
                    "lines": [],
                }
            )
        elif tag == BLOCKS:
            count = self.word(place) if self.number >= 8 else length // 4
            self.functions[-1]["blocks"] = count
        elif tag == ARCS:
            words = struct.unpack_from(f"<{length // 4}I", self.data, place)
            self.functions[-1]["arcs"] += [
                (words[0], words[i], words[i + 1]) for i in range(1, len(words) - 1, 2)
            ]
        elif tag == LINES:
            self.functions[-1]["lines"].append((place, length))


def walk(arcs, generator):
    """Counts of all arcs after some random walks from the entry along real arcs."""
    leaving = {}
    for index, (source, _, flags) in enumerate(arcs):
        if not flags & FAKE:
            leaving.setdefault(source, []).append(index)
    counts = [0] * len(arcs)
    for _ in range(generator.choice([0, 1, 1, 3, 20])):
        block = 0
        for _ in range(2000):
            if block not in leaving:
                break
            index = generator.choice(leaving[block])
            counts[index] += 1
            block = arcs[index][1]
    return counts


def write_counters(path, mode, generator):
    notes = Notes(path)
    unit = 1 if notes.is_in_bytes else 4
    out = bytearray(struct.pack("<3I", 0x67636461, notes.version, notes.stamp))
    if notes.is_in_bytes:
        out += bytes(4)
    for function in notes.functions:
        arcs = function["arcs"]
        if mode == "random":
            counts = [generator.getrandbits(33) for _ in arcs]
        elif mode == "negative":
            counts = [generator.getrandbits(21) - (1 << 20) for _ in arcs]
        else:
            counts = walk(arcs, generator)
        kept = [
            count for count, arc in zip(counts, arcs) if not arc[2] & ON_TREE
        ]
        out += struct.pack("<2I", FUNCTION, 4 * len(function["key"]) // unit)
        out += struct.pack(f"<{len(function['key'])}I", *function["key"])
        out += struct.pack("<2I", COUNTERS, 8 * len(kept) // unit)
        out += b"".join(struct.pack("<q", count) for count in kept)
    with open(path[: -len("gcno")] + "gcda", "wb") as file:
        file.write(out + bytes(4))


def padded(text):
    words = len(text) // 4 + 1
    return struct.pack("<I", words) + text.ljust(4 * words, b"\0")


def record(tag, payload):
    return struct.pack("<2I", tag, len(payload) // 4) + payload


def line_items(notes, place, length):
    """The payload of a lines record of GCC 12 in words."""
    end = place + length
    out = notes.data[place : place + 4]
    place += 4
    while place < end:
        line = notes.word(place)
        place += 4
        out += struct.pack("<I", line)
        if line:
            continue
        text, place = notes.text(place)
        out += padded(text) if text else bytes(4)
    return out


def own_lines(notes, place, length, source):
    """The payload of a lines record of GCC 12 in words, but for the lines of other sources."""
    end = place + length
    out = notes.data[place : place + 4] + bytes(4) + padded(source)
    place += 4
    current = None
    has_line = False
    while place < end:
        line = notes.word(place)
        place += 4
        if not line:
            text, place = notes.text(place)
            current = text or current
        elif current == source:
            out += struct.pack("<I", line)
            has_line = True
    return out + bytes(8) if has_line else None


def write_as(path, out_path, is_clang):
    notes = Notes(path)
    version = 0x3430382A if is_clang else 0x3530342A  # "408*", "504*"
    out = bytearray(struct.pack("<3I", 0x67636E6F, version, notes.stamp))
    index = 0
    for function in notes.functions:
        name, place = notes.text(function["rest"])
        is_artificial = notes.word(place)
        source, place = notes.text(place + 4)
        key = function["key"]
        if is_clang:
            if is_artificial:
                continue
            key = index, key[1], notes.stamp
            index += 1
        payload = struct.pack("<3I", *key) + padded(name) + padded(source)
        out += record(FUNCTION, payload + struct.pack("<I", notes.word(place)))
        out += record(BLOCKS, bytes(4 * function["blocks"]))
        leaving = {}
        for source_block, *arc in function["arcs"]:
            leaving.setdefault(source_block, []).append(struct.pack("<2I", *arc))
        for block in sorted(leaving):
            out += record(ARCS, struct.pack("<I", block) + b"".join(leaving[block]))
        for place, length in function["lines"]:
            if is_clang:
                payload = own_lines(notes, place, length, source)
            else:
                payload = line_items(notes, place, length)
            if payload:
                out += record(LINES, payload)
    with open(out_path, "wb") as file:
        file.write(out)


def notes_below(path):
    """The file itself, or all notes below a folder."""
    if not os.path.isdir(path):
        return [path]
    return sorted(
        os.path.join(base, name)
        for base, _, names in os.walk(path)
        for name in names
        if name.endswith(".gcno")
    )


def main():
    if sys.argv[1].startswith("as-"):
        path, out_path = sys.argv[2:4]
        for notes in notes_below(path):
            out = os.path.normpath(os.path.join(out_path, os.path.relpath(notes, path)))
            os.makedirs(os.path.dirname(out) or ".", exist_ok=True)
            write_as(notes, out, sys.argv[1] == "as-clang")
        return
    mode, seed = sys.argv[2:4]
    for path in sys.argv[4:]:
        for notes in notes_below(path):
            name = os.path.relpath(notes, path) if os.path.isdir(path) else os.path.basename(path)
            write_counters(notes, mode, random.Random(f"{seed} {name}"))


if __name__ == "__main__":
    main()
