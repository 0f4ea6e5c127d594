"""answers.py COVDB SOURCE_DIR - in the folder of answers_fixture.sh: the JSON of every command is valid by its schema in docs/json, and
each format has all rows that there are, as many as the text says."""
import csv
import functools
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema

COVDB, SOURCE = sys.argv[1:]
SCHEMAS = Path(SOURCE, "docs", "json")
# What is asked, a line each; of every command whose help has JSON, one at least. After '#', how many lines of the text's table are no row.
QUESTIONS = """
annotate net/packet.c
annotate net/packet.c --hits rate
annotate net/packet.c --sort hits
claims claims.yaml
claims claims.yaml --matrix
compare host/cpu runc/cpu # 1
compare host/cpu runc/cpu --list functions
compare host runc # 1
compare host/cpu runc/cpu --list lines
compare host/cpu runc/cpu --by subsystem --kernel-src tree # 1
conditional
conditional --platforms host,runc --only runc --sort lines
cve --release 6.1.192
cve --release 6.1.192 --regions
diff
doctor
export --trial host/cpu
find work
functions
functions 'work_*' --sort name
kconfig
kconfig --all
kernel check-config config
kernel diff k later --db two.sqlite --from tree --to later # 1
kernel diff k later --db two.sqlite --from tree --to later --list functions
kernel diff k later --db two.sqlite --from tree --to later --list lines
kernel list
lines runc
lines runc --db two.sqlite --kernel k --in-lines-of later --from tree --to later
metrics
noise
objects
objects --list
patch HEAD~1..HEAD --git tree
profile --platform host
profile --platform host --versus runc
profile --check
profile list
sql "SELECT * FROM platform"
sql "SELECT * FROM platform WHERE name = 'none'"
stability
stability --workload cpu
stability --list --workload cpu --phase all
summary
summary --all
syscalls
syscalls --list all
syscalls list
top runc host
top runc/cpu runc/stream
top runc/cpu host/stream --by lines
top runc host --of files
top runc host --by lines
top runc host --by lines --of files
trial list
venn
venn --depth 2
venn --by subsystem --kernel-src tree
venn --by file
venn --sets host/cpu,runc/stream
functions --sets host/cpu,host/stream
annotate net/packet.c --sets host/cpu,host/stream
conditional --sets runc/cpu,host/stream
lines runc/cpu-host/cpu --sets runc/cpu,host/cpu
venn 'runc | host'
venn 'runc | host' --list functions
venn 'runc | host' --list files
verify snapshots/few --notes tree
verify snapshots/few --notes tree --gcov ./liar
"""
# Of a table, what its header begins with where that is no title in capitals.
HEADERS = {"venn": r"host(/cpu)? +runc(/stream)? ", "claims": None, "doctor": None, "kernel check-config": None}
failures = checks = 0


def check(what, expected, got):
    global failures, checks
    checks += 1
    if expected != got:
        failures += 1
        print(f"not ok: {what}: expected {expected!r}, got {got!r}")


def finish(checks_min):
    """The exit status, once all is checked."""
    print(f"{checks} checks, {failures} failures")
    return failures > 0 or checks < checks_min


@functools.cache
def ask(question, *more):
    """What a command prints, which nothing here changes; these end with 0, or with 1 and 3 for what they found."""
    command = f"{COVDB} {question} {' '.join(more)}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3) or (done.returncode == 1 and not done.stdout):
        check(f"{question}: {done.stderr}", 0, done.returncode)
    return done.stdout


def schema_of(command):
    """With what it refers to in it."""
    schema = json.loads((SCHEMAS / f"{command.replace(' ', '-')}.json").read_text(encoding="utf-8"))
    if schema.pop("$ref", None):
        schema["allOf"] = [json.loads((SCHEMAS / "answer.json").read_text(encoding="utf-8"))]
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@functools.cache
def help_of(command):
    return subprocess.run([COVDB, *command.split(), "--help"], capture_output=True, text=True, check=True).stdout


def formats_of(command):
    """Those that the help lists of --format."""
    text = help_of(command)
    place = re.search(r"--format=(\S+)\s+(.*)", text)
    if not place:
        return []
    listed = place[1] if "|" in place[1] else place[2]
    return re.findall(r"\b(?:text|json|csv|ndjson|tsv|markdown)\b", listed)


def commands():
    """All of them, by the help."""
    text = subprocess.run([COVDB, "help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^  ([a-z][a-z-]*(?: [a-z-]+)?)  ", text, re.M)


def command_of(question, names):
    """The command that a question begins with: the longest of the names."""
    words = question.split()
    return next(name for name in (" ".join(words[:2]), words[0]) if name in names)


def problem(validator, answer):
    error = jsonschema.exceptions.best_match(validator.iter_errors(answer))
    return f"{error.json_path}: {error.message[:200]}" if error else None


def rows_of_text(command, text, no_rows):
    """How many rows a table has, with those that are said to be left."""
    if command == "claims" and "  claim  " in text:
        return text.count("\n  claim  ")
    if command in ("doctor", "kernel check-config", "verify"):
        return None
    # Of several tables it is the first, but for that of states in 'cve', and of trials in 'stability'.
    tables = [part for part in text.split("\n\n") if re.match(HEADERS.get(command) or r"[A-Z][A-Z ]+", part) or
              (command == "venn" and re.match(r"[A-Z]+ ", part))]
    tables = [part for part in tables if not part.startswith("STATE ") and "WORKLOAD TRIALS SECONDS" not in part.replace("  ", " ")]
    if not tables:
        return 0
    more = re.search(r"^([\d,]+) more; --limit 0 shows all$", text, re.M)
    return len(tables[0].strip("\n").split("\n")) - 1 - no_rows + (int(more[1].replace(",", "")) if more else 0)


def check_question(line, names):
    question, _, no_rows = line.partition(" # ")
    command = command_of(question, names)
    listed = formats_of(command)
    text = ask(question, "--format", "json")
    check(f"{question}: an answer", True, bool(text))
    if not text:
        return
    answer = json.loads(text)
    check(f"{question}: by docs/json", None, problem(schema_of(command), answer))
    if command in ("sql", "export"):
        return
    check(f"{question}: all rows", answer["count"], len(answer["rows"]))
    check_scope(question, ask(question), answer)
    if "csv" in listed:
        table = list(csv.reader(io.StringIO(ask(question, "--format", "csv"))))
        check(f"{question}: rows of CSV", answer["count"], len(table) - 1)
        shown = rows_of_text(command, ask(question), int(no_rows or 0))
        if shown is not None:
            check(f"{question}: rows that the text counts", len(table) - 1, shown)
    if "ndjson" in listed:
        lines = ask(question, "--format", "ndjson").splitlines()
        table = list(csv.reader(io.StringIO(ask(question, "--format", "csv"))))
        check(f"{question}: lines of NDJSON", len(table) - 1, len(lines))
        check(f"{question}: keys of NDJSON", [table[0]] * len(lines), [list(json.loads(row)) for row in lines])
        check(f"{question}: lines of TSV", [len(table[0])] * len(table),
              [len(row.split("\t")) for row in ask(question, "--format", "tsv").splitlines()])
        check(f"{question}: lines of Markdown", [len(table[0]) + 1] * (len(table) + 1),
              [len(re.findall(r"(?<!\\)\|", row)) - 0 for row in ask(question, "--format", "markdown").splitlines()])
    if "--limit=" in help_of(command):
        check_limit(question, answer["count"])


def check_scope(question, text, answer):
    """What the lines around a table of text say, JSON says as well."""
    place = re.search(r"; seconds: (.*)$", text, re.M)
    if place:
        seconds = [f"{name} {value:.1f}" for name, value in answer["seconds"].items()]
        check(f"{question}: seconds", place[1], ", ".join(seconds))
    place = re.search(r" of (\d+) options that objects need", text)
    if place:
        check(f"{question}: options", int(place[1]), answer["options"])
    place = re.search(r"(\d+) system calls in its table, (\d+) of them compiled; numbers and names of (.*)$", text, re.M)
    if place:
        check(f"{question}: system calls", place.groups(), (str(answer["table"]), str(answer["compiled"]), answer["names_of"]))


def check_limit(question, count):
    """One that is asked for holds in every format, where it goes with the rows at all."""
    done = subprocess.run(f"{COVDB} {question} --limit 2 --format json", shell=True, capture_output=True, text=True, check=False)
    if done.returncode == 2 or "--regions" in question or question.startswith("compare") and "--list" not in question or \
            question.startswith(("kernel diff", "stability")) and "--list" not in question or question == "syscalls":
        return
    answer = json.loads(done.stdout)
    check(f"{question} --limit 2", (count, True), (answer["count"], len(answer["rows"]) <= 2 or question.startswith("stability")))


def main():
    names = commands()
    questions = QUESTIONS.strip().split("\n")
    asked = {command_of(question, names) for question in questions}
    for command in names:
        if "json" in formats_of(command) and command != "decode":
            check(f"{command} prints JSON: it is asked here, and docs/json has its schema", (True, True),
                  (command in asked, (SCHEMAS / f"{command.replace(' ', '-')}.json").is_file()))
    for question in questions:
        check_question(question, names)
    for path in SCHEMAS.glob("*.json"):
        check(f"{path.name} is a command's", True, path.stem == "answer" or path.stem in {name.replace(" ", "-") for name in names})
    return finish(300)


if __name__ == "__main__":
    sys.exit(main())
