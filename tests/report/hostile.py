#!/usr/bin/env python3
"""hostile.py DATABASE - put into every text of a database what a careless page would run or break at.

Names of platforms, workloads, functions, files, directories and objects, messages, manifests, metrics: markup,
quotes, line ends, bytes that are no UTF-8, paths of 10,000 characters. What is executed sets alarm.
"""
import json
import sqlite3
import sys

ATTACKS = [
    "<script>globalThis.alarm=1</script>",
    "<img src=x onerror='globalThis.alarm=1'>",
    "\"><svg/onload=globalThis.alarm=1>",
    "javascript:globalThis.alarm=1",
    "</script><script>globalThis.alarm=1</script>",
    "\");globalThis.alarm=1;(\"",
    "${globalThis.alarm=1}`+globalThis.alarm=1+`",
    "__proto__",
    "constructor",
    "two\nlines\r\u2028and\u2029more",
    "tab\tand 'quotes' and \"these\" & <b>bold</b>",
    "\u202eright to left",
    "&lt;script&gt; %3Cscript%3E #?&=",
    "x" * 10000,
]


def attack(number):
    return f"{ATTACKS[number % len(ATTACKS)]} {number}" if number >= len(ATTACKS) else ATTACKS[number]


def main():
    database = sqlite3.connect(sys.argv[1])
    database.execute("PRAGMA foreign_keys = OFF")
    manifest = json.dumps({
        "versions": {attack(0): attack(1), "__proto__": "x"}, "settings": {attack(2): attack(3)}, "command": ATTACKS,
        "kernel": {"compiler": attack(0), "source": attack(1), "cpus": attack(2), "clock_source": attack(4)}})
    for table, column, key in [("platform", "name", "platform_id"), ("workload", "name", "workload_id"),
                               ("function", "name", "function_id"), ("kernel", "name", "kernel_id")]:
        for (number, row) in enumerate(database.execute(f"SELECT {key} FROM {table}").fetchall()):
            database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (attack(number + (table == "platform")), row[0]))
    # Paths keep their order, and with it the ranges of directories: a letter before, the attack behind.
    files = database.execute("SELECT kernel_id, file_id FROM file ORDER BY kernel_id, file_id").fetchall()
    for (kernel_id, number) in files:
        database.execute("UPDATE file SET path = ? WHERE kernel_id = ? AND file_id = ?",
                         (f"{number:04}/{attack(number)}", kernel_id, number))
    directories = database.execute("SELECT directory_id, path FROM directory").fetchall()
    for (number, path) in directories:
        if path != ".":
            database.execute("UPDATE directory SET path = ? WHERE directory_id = ?", (f"{number:04}/{attack(number)}", number))
    database.execute("UPDATE kernel SET release = ?, build_id = ?, profile_update = ?", (attack(0), attack(1), attack(2)))
    database.execute("UPDATE trial SET manifest = ?, started_at = ?, failure = ?", (manifest, attack(1), attack(13)))
    database.execute("UPDATE trial SET status = 'failed' WHERE trial_id = (SELECT max(trial_id) FROM trial)")
    (trial_id,) = database.execute("SELECT min(trial_id) FROM trial").fetchone()
    for number in range(len(ATTACKS)):
        database.execute("INSERT INTO trial_object (trial_id, path, state, message) VALUES (?, ?, 'damaged', ?)",
                         (trial_id, attack(number), attack(number + 1)))
        database.execute("INSERT INTO metric (trial_id, place, name, labels, value, unit) VALUES (?, ?, ?, ?, 1.5, ?)",
                         (trial_id, 1000 + number, attack(number), json.dumps({attack(number): attack(number + 1)}), attack(number)))
    # One profile of each name, with stacks of processes, programs and the kernel; a semicolon parts frames.
    (kernel_id,) = database.execute("SELECT max(kernel_id) FROM kernel").fetchone()
    database.execute("DELETE FROM profile")
    database.execute("DELETE FROM profile_stack")
    for number in range(len(ATTACKS)):
        profile_id = database.execute(
            "INSERT INTO profile (kernel_id, platform, workload, number, started_at, duration_ns, event, frequency_hz, samples, lost,"
            " is_emulated) VALUES (?, ?, ?, 1, ?, 1, ?, 997, 300, 1, ?)",
            (kernel_id, attack(number), attack(0), attack(number), attack(number + 1), number % 2)).lastrowid
        for (place, name) in enumerate(attack(each).replace(";", ":") for each in range(len(ATTACKS))):
            database.execute("INSERT INTO profile_stack VALUES (?, ?, ?)", (profile_id, f"{name};{name};{name}_[k];{name}_[k]", 200 + place))
    # A trial of system calls of each name; there is a table where a function is one of a system call.
    database.execute("UPDATE function SET name = '__x64_sys_read' WHERE function_id = (SELECT min(function_id) FROM function)")
    for table in ("syscalls", "syscalls_program", "syscalls_thread", "syscalls_filter", "syscalls_call"):
        database.execute(f"DELETE FROM {table}")
    for number in range(len(ATTACKS)):
        syscalls_id = database.execute(
            "INSERT INTO syscalls (kernel_id, platform, workload, number, started_at, duration_ns, lost, manifest) VALUES (?, ?, ?, 1, ?, 1, 1, ?)",
            (kernel_id, attack(number), attack(number + 1), attack(number), manifest)).lastrowid
        database.execute("INSERT INTO syscalls_thread VALUES (?, 0, ?, ?, ?, 1, 2, ?)",
                         (syscalls_id, attack(number + 2), attack(number), attack(number + 1), attack(number + 3)))
        database.execute("INSERT INTO syscalls_call VALUES (?, ?, 0, 1)", (syscalls_id, attack(number + 4)))
    # Bytes that are no UTF-8, as an old source file or file system may have them.
    database.execute("UPDATE trial SET snapshot = CAST(x'fffe3c62' AS TEXT), failure = CAST(x'c33c7363726970743eff' AS TEXT)"
                     " WHERE trial_id = ?", (trial_id,))
    database.commit()


main()
