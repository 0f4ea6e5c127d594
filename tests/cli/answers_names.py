"""answers_names.py COVDB SOURCE_DIR - in the folder of answers_fixture.sh: what is not there by name is status 1 and one line, in every command
and option that the help has; what has no row is status 0 and one line that says why, an empty list of JSON and a header of CSV."""
import csv
import io
import json
import shlex
import subprocess
import sys

from answers import COVDB, QUESTIONS, check, command_of, commands, finish, formats_of, help_of

# Options that name what a database has.
OPTIONS = ("platforms", "platform", "workload", "kernel", "rule", "baseline", "dir", "only", "versus", "role", "trial", "footprint", "region", "set")
# Commands that print no rows, and those whose options need others.
OTHERS = ["report -o report", "paper -o paper", "decode snapshots/few", "kernel pack -o pack"]
WITH = {
    ("export", "trial"): "export --trial nope/nope", ("export", "footprint"): "export --footprint nope", ("export", "region"): "export --region nope",
    ("export", "set"): "export --set nope", ("syscalls", "versus"): "syscalls --list beyond --versus nope",
    ("import", "kernel"): "import snapshots/few --platform x --workload y --seconds 1 --kernel nope",
    ("export", "baseline"): "export --footprint host --baseline nope", ("cve add", "kernel"): "cve add vulns --git tree --kernel nope",
    ("patch", "trial"): "patch HEAD~1..HEAD --git tree --trial nope/nope",
}
# Where a name is a new one, or the option goes with others only: why.
EXCEPT = {
    ("import", "platform"): "a new one", ("import", "workload"): "a new one", ("import", "trial"): "a number", ("import", "set"): "a new one",
    ("top", "platforms"): "operands instead", ("import", "baseline"): "a flag", ("paper", "platforms"): "", ("annotate", "dir"): "of FILE",
}
OPERANDS = ["kernel remove nope", "trial remove nope/nope/1", "profile remove nope/nope/1", "syscalls remove nope/nope/1", "kernel diff nope k",
            "compare nope/nope host/cpu", "top nope runc", "lines nope", "venn nope", "functions nope", "annotate nope.c", "metrics nope",
            "conditional --only nope"]
# What has no row, of every command that prints CSV.
EMPTY = """
functions work_1 --only host
find nosuch
functions --dir lib
annotate net/packet.c:9000-9100
annotate net/packet.c:9000-9100 --sort hits
conditional --dir lib
kconfig --only host
cve --release 6.1.192 --dir net --only host
cve --release 6.1.192 --regions --dir lib
top host runc --dir lib
top host runc --dir lib --by lines
lines host-host
venn host-host
venn host-host --list functions
venn host-host --list files
venn --dir lib
stability --list --dir lib
syscalls --list beyond --platforms host
objects --list --db bare.sqlite
objects --db bare.sqlite
trial list --db bare.sqlite
profile list --db bare.sqlite
syscalls list --db bare.sqlite
metrics --db bare.sqlite
kernel list --db none.sqlite
kernel diff k k --db bare.sqlite --from tree --to tree --dir nowhere
compare host/cpu host/cpu --list lines
compare host/cpu host/cpu --list functions
"""
# These have a row of each platform, rule, claim or object, or fail; verify without a row is fine, and its text has none to tell.
NEVER = {"verify", "summary", "noise", "diff", "claims", "sql", "export", "kernel check-config", "stability", "kernel diff"}


def run(question, *more):
    return subprocess.run([COVDB, *shlex.split(question), *more], capture_output=True, text=True, check=False)


def check_refused(question):
    done = run(question)
    check(question + ": " + done.stderr[:200], (1, "", 1), (done.returncode, done.stdout, done.stderr.count("\n")))


def check_names(names):
    base = {}
    for question in QUESTIONS.strip().split("\n") + OTHERS:
        question = question.partition(" # ")[0]
        base.setdefault(command_of(question, names), question)
    for command in names:
        text = help_of(command)
        for option in OPTIONS:
            if f"--{option}=" not in text or (command, option) in EXCEPT:
                continue
            if (command, option) not in WITH and command not in base:
                # Of what only lists or removes: the kernel alone is asked for.
                check(f"{command} --{option} is asked here", True, command.endswith(("list", "remove")) and option == "kernel")
                check_refused(f"{command} {'a/b/1' if command.endswith('remove') else ''} --{option} nope")
                continue
            check_refused(WITH.get((command, option), f"{base.get(command, '')} --{option} nope"))
    for question in OPERANDS:
        check_refused(question)


def check_empty(names):
    questions = EMPTY.strip().split("\n")
    asked = {command_of(question, names) for question in questions}
    for command in names:
        if "csv" in formats_of(command):
            check(f"{command}: without a row it is asked here, or never is", True, command in asked | NEVER)
    for question in questions:
        if "nowhere" in question:
            check_refused(question)
            continue
        for form in ("text", "json", "csv", "ndjson", "tsv", "markdown"):
            done = run(question, "--format", form)
            check(f"{question} --format {form}: {done.stderr[:300]}", (0, 1), (done.returncode, done.stderr.count("\n")))
            if form == "json":
                answer = json.loads(done.stdout)
                check(f"{question}: no row in JSON", (0, []), (answer["count"], answer["rows"]))
            if form == "csv":
                check(f"{question}: no row in CSV", 1, len(list(csv.reader(io.StringIO(done.stdout)))))


def main():
    names = commands()
    check_names(names)
    check_empty(names)
    return finish(200)


if __name__ == "__main__":
    sys.exit(main())
