#!/usr/bin/env python3
"""tests.py ROOT - every test that git knows is run, can fail, and says when it could not run.

- a function that a unit test runs asserts something, itself or by a function of its file
- a program or script of a test stands in the CMakeLists.txt of its folder, and no other does
- what a test lacks makes it skipped: no script says "not tried" and goes on
- `command -v` has one operand: with two it is content with one
- a script of tests/cli and tests/lab begins with lib.sh, and is not replaced by another program, which
  would leave its folder behind
"""
import collections
import functools
import os
import re
import subprocess
import sys

from tree import line_of

PROGRAM_FOLDERS = ("tests/unit/", "tests/fuzz/")
PLANTED = "tests/lint/planted/"  # full of what is not allowed
SCRIPT_FOLDERS = ("tests/cli/", "tests/lab/", "tests/lint/", "tests/python/", "tests/recorded/", "tests/report/")
FUNCTION = re.compile(r"^(?:static )?[\w \*]+?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"\b(?:cmocka_unit_test\w*|TEST)\(\s*(\w+)")
ASSERTION = re.compile(r"\b(?:assert_\w+|fail|fail_msg)\(")
CALL = re.compile(r"\b(\w+)\(")
TEST = re.compile(r"\bstatic void (\w+)\(void \*\*state\)")
WORD = re.compile(r"\w+")
LINE_PROBLEMS = (
    (re.compile(r"command -v (?:\"[^\"\n]*\"|[^\s\"|&;)]+) +[^\s>|&;)]"), "'command -v' with two operands is content with one"),
    (re.compile(r"\bnot (?:tried|compared)\b"), "a part that could not run has to be a test that is skipped"),
)

problems = []
read_count = 0


def complain(path, text):
    problems.append(f"{path}: {text}")


def tracked(root):
    """Names and modes of all files that git knows."""
    command = ["git", "-C", root, "-c", f"safe.directory={root}", "ls-files", "-s", "-z"]
    entries = subprocess.check_output(command, text=True).split("\0")
    return {name: line.split()[0] for line, name in (entry.split("\t") for entry in entries if entry)}


def read(root, path):
    global read_count
    with open(os.path.join(root, path), encoding="utf-8") as file:
        read_count += 1
        return file.read()


def asserting(functions):
    """Names of the functions that assert, or call one of their file that does."""
    names = {name for name, body in functions.items() if ASSERTION.search(body)}
    calls = {name: set(CALL.findall(body)) for name, body in functions.items()}
    while True:
        more = {name for name in functions if name not in names and names & calls[name]}
        if not more:
            return names
        names |= more


def check_unit_test(path, text):
    functions = dict(FUNCTION.findall(text))
    tests = [name for name in RUN.findall(text) if name in functions]
    if not tests:
        complain(path, "no test that is run was found")
    for name in set(tests) - asserting(functions):
        complain(path, f"{name}() asserts nothing")
    words = collections.Counter(WORD.findall(text))
    for name in functions.keys() & set(TEST.findall(text)):
        if words[name] < 2:
            complain(path, f"{name}() is not run")


def check_script(path, text, is_program):
    for pattern, problem in LINE_PROBLEMS:
        for match in pattern.finditer(text):
            complain(f"{path}:{line_of(text, match.start())}", problem)
    if not is_program or not path.startswith(("tests/cli/", "tests/lab/")):
        return
    if not re.search(r"^\. \"\$2/tests/(?:cli|lab)/lib\.sh\"$", text, re.MULTILINE):
        complain(path, "does not begin with lib.sh")
    if re.search(r"^exec (?![0-9]*[<>])", text, re.MULTILINE):
        complain(path, "'exec' leaves the test's folder behind, and failed checks unheard")


@functools.cache
def uncommented(text):
    return re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


@functools.cache
def listed_words(root, lists):
    return re.sub(r"#.*", "", read(root, lists))


def is_listed(root, files, path, stem):
    """Whether the CMakeLists.txt beside @path has the name, or one above the file itself."""
    folder, name = os.path.split(path)
    while folder:
        lists = f"{folder}/CMakeLists.txt"
        if lists in files:
            pattern = rf"(?<![\w-])(?:{re.escape(stem)}|(?:[\w./]*/)?{re.escape(name)})(?![\w.-])"
            return re.search(pattern, listed_words(root, lists)) is not None
        folder = os.path.dirname(folder)
    return False


def check_listed(root, files, path, scripts):
    stem = os.path.splitext(os.path.basename(path))[0]
    if is_listed(root, files, path, stem[:-5] if path.startswith("tests/fuzz/") and stem.endswith("_fuzz") else stem):
        return
    callers = [uncommented(text) for other, text in scripts.items()
               if other != path and (path.startswith(PLANTED) or not other.startswith(PLANTED))]
    if path.endswith(".c") or not any(path in text for text in callers):
        complain(path, "is neither a test in CMakeLists.txt nor called by one")


def main():
    root = os.path.realpath(sys.argv[1])
    files = tracked(root)
    tests = [path for path in files if path.startswith("tests/") and path.endswith((".sh", ".py", "_test.c", "_fuzz.c"))]
    if not any(path.endswith("_test.c") for path in tests) or not any(path.endswith(".sh") for path in tests):
        complain(root, "git knows no tests here")
    texts = {path: read(root, path) for path in tests}
    scripts = {path: text for path, text in texts.items() if path.endswith(".sh")}
    for path, text in texts.items():
        if path.endswith("_test.c"):
            check_unit_test(path, text)
        if path.endswith((".sh", ".py")) and path != "tests/lint/tests.py" and not path.startswith(PLANTED):
            check_script(path, text, files[path] == "100755" and path.endswith(".sh"))
        is_program = path.startswith(PROGRAM_FOLDERS) and path.endswith((".c",))
        if is_program or path.startswith(SCRIPT_FOLDERS) and path.endswith(".sh"):
            check_listed(root, files, path, scripts)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(texts)} tests and their parts read")
    sys.exit(1 if problems or read_count < len(tests) else 0)


main()
