"""scenarios.py - the commands that are disturbed, on what, and what must be true of their results.

A Workshop is a folder with small inputs and databases, made once by covdb itself. Each Scenario is a
command that runs in a folder of its own there, always from the same start. `undisturbed` is what it
leaves when nothing happens; whatever happens to it, `judge` and `repeat` find what must not be.
"""
import collections
import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess

# What follows from trials, or has columns that do. An import that could not read all trials makes it of those that it read.
# Patterns have numbers by who came first.
DERIVED = {"analysis", "footprint", "footprint_line", "footprint_removed", "footprint_function",
           "footprint_line_tile", "footprint_p_value", "footprint_function_tile", "line_pattern",
           "function_pattern", "trial_line_tile", "trial_function_tile",
           "footprint_object", "agreement", "region", "directory", "object", "footprint_line_named",
           "footprint_directory"}
# Of one database: what SQLite keeps beside it, for the next who opens it, belongs to it.
DATABASE = ("db.sqlite", "db.sqlite-journal", "db.sqlite-wal", "db.sqlite-shm")
COLLECTS = ("collect", "collect-on")
# A collect has a /run of its own, beside any other on this machine: the folder that follows, then its command.
OWN_RUN = ("unshare", "--mount", "sh", "-c", 'mount --bind "$0" /run && exec "$@"')
# What a database says, by names: an import that begins anew may count trials and platforms in another order.
BY_NAME = (
    "SELECT p.name, w.name, w.kind, number, status, duration_ns, objects_decoded, lines_found, lines_hit, functions_contradicting"
    " FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)",
    "SELECT platform, workload, trial, file, line, count FROM trial_line_named",
    "SELECT rule, baseline, platform, workload, file, line FROM footprint_line_named",
    "SELECT rule, baseline, platform, workload, directory, lines, found FROM footprint_directory",
    "SELECT name, object_count, line_count, counter_count FROM kernel",
    "SELECT path, is_linked FROM object",
    "SELECT path, found FROM directory",
)
EARLIER = b"a good result of an earlier run\n"

EXPERIMENT = """name: small
settle: 0
baselines: [{{name: idle, platform: host, duration: 0.01}}]
platforms: [{{name: host, driver: host}}]
workloads:
  - {{name: jumps, command: [sh, -c, 'rm -f {machine}/*.gcda; {machine}/jumps'], duration: 1}}
  - {{name: loops, command: [sh, -c, 'rm -f {machine}/*.gcda; {machine}/jumps; {machine}/loops'], duration: 1}}
"""


# What no command makes of small inputs: a profile, and system calls of two roles, one with a filter.
MADE = """INSERT INTO profile (kernel_id, platform, workload, number, duration_ns, event, frequency_hz, samples, lost, is_emulated)
    VALUES (1, 'a', 'w', 1, 1, 'cpu-clock', 997, 470, 0, 0);
INSERT INTO profile_stack VALUES (1, 'work;ksys_write_[k];main_[k]', 470);
UPDATE kernel SET release = '6.1.50';
UPDATE function SET name = '__x64_sys_read' WHERE function_id = 0 AND kernel_id = 1;
UPDATE function SET name = '__do_sys_getpid' WHERE function_id = 1 AND kernel_id = 1;
INSERT INTO syscalls VALUES (1, 1, 'b', 'w', 1, NULL, 1, 3, '{}');
INSERT INTO syscalls_program VALUES (1, 0, x'0600000000000080');
INSERT INTO syscalls_thread VALUES (1, 0, 'sentry', 'exe', 'exe', 3, 2, NULL), (1, 1, 'stub', 'exe', 'exe', 2, 2, 'traced');
INSERT INTO syscalls_filter VALUES (1, 0, 0, 0);
INSERT INTO syscalls_call VALUES (1, 'sentry', 0, 7), (1, 'stub', 3, 1200);
"""


# The first of them migrates.
WRITERS = {("kernel", "list"), ("kernel", "add"), ("kernel", "remove"), ("trial", "remove"), ("cve", "add"), ("profile", "remove")}


@dataclasses.dataclass
class Scenario:
    name: str
    arguments: list
    database: str = ""  # which of the workshop's databases it begins with
    outputs: tuple = ()  # files and folders that it writes
    earlier: bool = False  # they are there from an earlier run
    steps: bool = False  # it may have done a part: whole trials
    partial: bool = False  # what cannot be read is left out, which it says

    def writes(self):
        return bool(self.outputs) or self.arguments[0] in ("import", "diff") or tuple(self.arguments[:2]) in WRITERS


@dataclasses.dataclass
class State:
    files: dict  # content by name, but of databases
    tables: dict  # rows by table
    problems: list  # of the database
    digest: bytes  # of all that is in the folder: names, modes, content


@dataclasses.dataclass
class Outcome:
    status: int
    stdout: bytes
    stderr: str
    state: State


def rows_of(path, is_by_name):
    """The rows of each table, or of BY_NAME, that has some, and what SQLite finds wrong."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        try:
            problems = [f"integrity_check: {row[0]}" for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            problems += [f"foreign_key_check: {row}" for row in database.execute("PRAGMA foreign_key_check")]
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            queries = BY_NAME if is_by_name else [f"SELECT * FROM {name}" for name in names]
            tables = {query.rsplit(" FROM ")[1].split()[0]: sorted(map(repr, database.execute(query))) for query in queries}
        except sqlite3.Error as error:
            return {}, [f"the database cannot be read: {error}"]
    return {name: rows for name, rows in tables.items() if rows}, problems


def is_file(output):
    return "." in output


def has_sanitizers(covdb):
    with open(covdb, "rb") as file:
        return b"__asan_init" in file.read()


def can_collect():
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Workshop:
    def __init__(self, covdb, source, folder):
        self.covdb = covdb
        self.folder = folder
        self.inputs = os.path.join(folder, "inputs")
        self.environment = dict(os.environ, LC_ALL="C", COVDB_CACHE="off")
        self.environment.pop("COVDB", None)
        self.programs = os.path.join(source, "tests", "data", "programs")
        self.schema_4 = os.path.join(source, "tests", "data", "schema-4.sqlite.zst")
        self.complete = {}
        self.rows = {}  # what rows_of() has read, by the content of the files
        self.counts = {}  # what decoded() has read, by the content of the archive
        self.make_inputs()

    def call(self, *command, cwd=None):
        subprocess.run(command, cwd=cwd or self.inputs, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def compile(self, folder, *names):
        """Test programs, compiled in a folder as a kernel in its build tree."""
        shutil.copytree(self.programs, folder)
        for name in names:
            self.call("gcc", "-O2", "--coverage", "-c", f"{name}.c", "-o", f"{name}.o", cwd=folder)
            self.call("gcc", "--coverage", f"{name}.o", "-o", name, cwd=folder)

    def snapshot(self, name, *programs):
        tree = os.path.join(self.inputs, "tree")
        folder = os.path.join(self.inputs, name)
        os.mkdir(folder)
        for program in programs:
            self.call(f"./{program}", cwd=tree)
        for file in sorted(os.listdir(tree)):
            if file.endswith(".gcda"):
                os.rename(os.path.join(tree, file), os.path.join(folder, file))
        self.call("tar", "-cf", f"{name}.tar", name)

    def make_inputs(self):
        os.mkdir(self.inputs)
        self.compile(os.path.join(self.inputs, "tree"), "jumps", "loops", "macros", "parts")
        self.compile(os.path.join(self.inputs, "more"), "loops")
        self.snapshot("idle", "jumps")
        self.snapshot("first", "jumps", "loops", "macros", "parts", "parts")
        self.snapshot("second", "loops", "loops", "macros")
        self.snapshot("other", "jumps", "jumps", "parts")
        self.make_records()
        self.make_databases()
        if can_collect():
            self.make_results()

    def make_records(self):
        """Records of known vulnerabilities, with their pairs."""
        os.mkdir(os.path.join(self.inputs, "vulns"))
        for number in range(1, 4):
            name = os.path.join(self.inputs, "vulns", f"CVE-2024-000{number}")
            affected = [{"defaultStatus": "affected", "programFiles": ["loops.c"],
                         "versions": [{"version": "6.8", "lessThanOrEqual": "*", "status": "unaffected"}]}]
            with open(f"{name}.json", "w", encoding="utf-8") as file:
                json.dump({"cveMetadata": {"cveId": f"CVE-2024-000{number}", "state": "PUBLISHED"},
                           "containers": {"cna": {"affected": affected, "title": "loops: main() loops"}}}, file)
            with open(f"{name}.dyad", "w", encoding="utf-8") as file:
                file.write(f"4.1:{1:040d}:6.8:{number:040d}\n")

    def make_results(self):
        for name in COLLECTS:
            self.make_machine(name)
        self.environment["COVDB_GCOV_DIRECTORY"] = self.machine("collect")
        self.call(self.covdb, "kernel", "add", "--db", "machine.sqlite", "--notes", self.machine("collect"), "--name", "m")
        os.mkdir(os.path.join(self.inputs, "run"))
        self.call(*OWN_RUN, os.path.join(self.inputs, "run"), self.covdb, "collect", "collect.yaml", "-o", "results")
        self.call("tar", "--zstd", "-cf", "results.tar.zst", "results")

    def machine(self, name):
        return os.path.join(self.folder, f"{name}-machine")

    def make_machine(self, name):
        """Programs that stand for the kernel under study, each scenario's own, and an experiment with them."""
        self.compile(self.machine(name), "jumps", "loops")
        with open(os.path.join(self.machine(name), "reset"), "wb"):
            pass
        self.call("./jumps", cwd=self.machine(name))
        with open(os.path.join(self.inputs, f"{name}.yaml"), "w", encoding="utf-8") as file:
            file.write(EXPERIMENT.format(machine=self.machine(name)))

    def make_databases(self):
        covdb = self.covdb
        study = ("--db", "study.sqlite")
        self.call(covdb, "kernel", "add", *study, "--notes", "tree", "--name", "k", "--build-id", "abc")
        self.call(covdb, "import", *study, "idle", "--platform", "a", "--baseline", "--seconds", "10")
        for name, platform, seconds in ("first", "a", 10), ("second", "a", 20), ("other", "b", 10):
            self.call(covdb, "import", *study, name, "--platform", platform, "--workload", "w", "--seconds", f"{seconds}")
        shutil.copy(os.path.join(self.inputs, "study.sqlite"), os.path.join(self.inputs, "unused.sqlite"))
        self.call(covdb, "kernel", "add", "--db", "unused.sqlite", "--notes", "more", "--name", "unused")
        self.call(covdb, "decode", "first", "--notes", "tree", "--format", "info", "-o", "first.info")
        self.make_changed()
        self.call("zstd", "-q", "-d", self.schema_4, "-o", "schema-4.sqlite")

    def make_changed(self):
        """The study with a second kernel, whose sources it has, a profile, system calls and records; and a diff of what is measured."""
        database = ("--db", "changed.sqlite")
        shutil.copy(os.path.join(self.inputs, "study.sqlite"), os.path.join(self.inputs, "changed.sqlite"))
        self.call(self.covdb, "kernel", "add", *database, "--notes", "more", "--name", "more", "--sources", "more")
        self.call("./loops", cwd=os.path.join(self.inputs, "more"))
        self.call(self.covdb, "import", *database, "more", "--kernel", "more", "--platform", "a", "--workload", "w", "--seconds", "10")
        self.call(self.covdb, "cve", "add", *database, "vulns")
        with contextlib.closing(sqlite3.connect(os.path.join(self.inputs, "changed.sqlite"))) as connection:
            connection.executescript(MADE)
        difference = subprocess.run(["git", "diff", "--no-index", "/dev/null", "loops.c"], cwd=os.path.join(self.inputs, "tree"),
                                    check=False, stdout=subprocess.PIPE).stdout
        with open(os.path.join(self.inputs, "new.diff"), "wb") as file:
            file.write(difference)

    def begin(self, scenario):
        """The folder of a scenario as it is before it, and an empty one for temporary files."""
        folder = os.path.join(self.folder, scenario.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "tmp"))
        if scenario.name in COLLECTS:
            os.mkdir(os.path.join(folder, "run"))
            machine = self.machine(scenario.name)
            for name in os.listdir(machine):
                if name.endswith(".gcda"):
                    os.remove(os.path.join(machine, name))
            self.call("./jumps", cwd=machine)
        if scenario.database:
            shutil.copy(os.path.join(self.inputs, f"{scenario.database}.sqlite"), os.path.join(folder, "db.sqlite"))
        for name in scenario.outputs if scenario.earlier else ():
            earlier = os.path.join(self.folder, f"{scenario.name}-earlier", name)
            if os.path.isdir(earlier):
                shutil.copytree(earlier, os.path.join(folder, name))
            elif is_file(name):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(EARLIER)
        return folder

    def command(self, scenario):
        return [self.covdb, *scenario.arguments]

    def start(self, scenario, prefix=(), **environment):
        """The running command; stdout and stderr go to files beside its folder."""
        folder = os.path.join(self.folder, scenario.name)
        if scenario.name in COLLECTS:
            prefix = (*OWN_RUN, os.path.join(folder, "run"), *prefix)
        environment = dict(self.environment, TMPDIR=os.path.join(folder, "tmp"), COVDB="db.sqlite",
                           COVDB_GCOV_DIRECTORY=self.machine(scenario.name), **environment)
        with open(f"{folder}.out", "wb") as out, open(f"{folder}.err", "wb") as err:
            return subprocess.Popen([*prefix, *self.command(scenario)], cwd=folder, env=environment,
                                    stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def finish(self, scenario, process):
        status = process.wait()
        folder = os.path.join(self.folder, scenario.name)
        with open(f"{folder}.out", "rb") as out, open(f"{folder}.err", encoding="utf-8", errors="replace") as err:
            return Outcome(status, out.read(), err.read(), self.state(scenario))

    def run(self, scenario, prefix=(), **environment):
        return self.finish(scenario, self.start(scenario, prefix, **environment))

    def state(self, scenario):
        """What is in the folder of a scenario."""
        folder = os.path.join(self.folder, scenario.name)
        files, digest = {}, hashlib.sha256()
        for base, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(base, name)
                with open(path, "rb") as file:
                    content = files[os.path.relpath(path, folder)] = file.read()
                    digest.update(repr((path, os.fstat(file.fileno()).st_mode, len(content))).encode())
                digest.update(content)
            for name in folders:
                path = os.path.join(base, name)
                digest.update(repr((path, os.stat(path).st_mode)).encode())
                if not os.listdir(path):
                    files[os.path.relpath(path, folder) + "/"] = b""
        database = {name: files.pop(name) for name in DATABASE if name in files}
        tables, problems = self.rows_of(scenario, database) if "db.sqlite" in database else ({}, [])
        return State(self.collected(scenario, files), tables, problems, digest.digest())

    def rows_of(self, scenario, database):
        """What a database says, of which the files are given. It is opened elsewhere: covdb has to recover it itself."""
        key = scenario.name, *((name, hashlib.sha256(content).digest()) for name, content in database.items())
        if key not in self.rows:
            copy = os.path.join(self.folder, f"{scenario.name}-copy")
            shutil.rmtree(copy, ignore_errors=True)
            os.mkdir(copy)
            for name, content in database.items():
                with open(os.path.join(copy, name), "wb") as file:
                    file.write(content)
            self.rows[key] = rows_of(os.path.join(copy, "db.sqlite"), scenario.name in ("import-folder", "import-archive"))
        return self.rows[key]

    def collected(self, scenario, files):
        """Of trials, times are left out, and what a baseline counted: it depends on what ran before."""
        if scenario.name not in COLLECTS:
            return files
        folder = os.path.join(self.folder, scenario.name)
        for name in files:
            if name.endswith(".json"):
                files[name] = b"ok" if b'"status": "ok"' in files[name] else b"failed"
            elif name.endswith(".tar.zst"):
                files[name] = self.decoded(scenario, os.path.join(folder, name), files[name], "baseline" in name)
        return files

    def decoded(self, scenario, archive, content, is_baseline):
        """What a trial counted, if its archive, of which the content is given, can be decoded."""
        key = scenario.name, is_baseline, hashlib.sha256(content).digest()
        if key not in self.counts:
            decoded = subprocess.run([self.covdb, "decode", archive, "--notes", self.machine(scenario.name)], check=False,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment)
            self.counts[key] = (b"" if is_baseline else decoded.stdout) + (b"(cannot be decoded)" if decoded.returncode else b"")
        return self.counts[key]

    def undisturbed(self, scenario):
        """How the scenario ends when nothing happens, and where it begins."""
        if scenario.name not in self.complete:
            folder = self.begin(scenario)
            if scenario.earlier and not is_file(scenario.outputs[0]):
                self.run(scenario)
                os.rename(folder, f"{folder}-earlier")
                self.make_older(os.path.join(f"{folder}-earlier", scenario.outputs[0]))
                self.begin(scenario)
            before = self.state(scenario)
            outcome = self.run(scenario)
            if outcome.status != 0 or outcome.state.problems:
                raise SystemExit(f"{scenario.name} fails undisturbed: {outcome.stderr}{outcome.state.problems}")
            self.complete[scenario.name] = before, outcome
        return self.complete[scenario.name]

    @staticmethod
    def make_older(folder):
        """A report of other data, which a new one replaces; trials of which one is to be done."""
        trials = os.path.join(folder, "trials")
        if os.path.isdir(trials):
            os.remove(os.path.join(trials, "host-jumps-1.json"))
            os.remove(os.path.join(trials, "host-jumps-1.tar.zst"))
        else:
            data = os.path.join(folder, "data")
            with open(os.path.join(data, sorted(os.listdir(data))[0]), "ab") as file:
                file.write(b"/* an older one */\n")


def wrong_database(scenario, before, complete, after):
    if after.problems:
        return after.problems
    if after.tables in (before.tables, complete.tables):
        return []
    if not scenario.steps:
        tables = {name for name in before.tables | after.tables if before.tables.get(name) != after.tables.get(name)}
        return [f"the database is neither as before nor complete: {', '.join(sorted(tables))}"]
    lost = {name for name, rows in before.tables.items() if name not in DERIVED and
            collections.Counter(rows) - collections.Counter(after.tables.get(name, []))}
    return [f"earlier rows are lost of {', '.join(sorted(lost))}"] if lost else []


def below(state, name):
    """The files of an output; a folder that is empty is none."""
    return {path: content for path, content in state.files.items()
            if (path == name or path.startswith(f"{name}/")) and not path.endswith("/")}


def wrong_report(name, before, complete, after):
    """A page that can be opened has all of its data, either the former or the new."""
    def data(files):
        return {path: content for path, content in files.items() if path.startswith(f"{name}/data/")}
    if f"{name}/index.html" in after and data(after) not in (data(before), data(complete)):
        return [f"{name}/index.html is there, but its data is neither as before nor complete"]
    return []


def wrong_files(scenario, before, complete, after):
    problems = []
    for name in scenario.outputs:
        files = [below(state, name) for state in (before, complete, after)]
        if files[2] in files[:2]:
            continue
        if is_file(name):
            if not scenario.partial or name not in files[2] or not files[2][name].endswith(b"\n"):
                problems.append(f"{name} is neither as before nor complete")
            continue
        # Whole files, of a report or trials; one that failed is told apart by its manifest.
        problems += [f"{path} is neither as before nor complete" for path, content in files[2].items()
                     if path in files[0] | files[1] and content not in (files[0].get(path), files[1].get(path), b"failed")]
        problems += [f"{path} is lost" for path in files[0] if path not in files[2]]
        if name in ("report", "paper"):
            problems += wrong_report(name, *files)
    return problems


def strays(before, complete, after):
    """Files that are there neither before nor after an undisturbed run; of a folder, its name alone."""
    known = set(before.files) | set(complete.files)
    folders = {os.path.dirname(name) for name in known} | {""}
    found = {name if os.path.dirname(name.rstrip("/")) in folders else os.path.dirname(name) + "/" for name in after.files
             if name not in known and not (name.endswith("/") and any(other.startswith(name) for other in known))}
    return sorted(found)


def is_complete(scenario, complete, outcome):
    """Whether a command left all of its result; what a killed one left besides does not count."""
    has_files = all(below(outcome.state, name).items() >= below(complete.state, name).items() for name in scenario.outputs)
    return outcome.state.tables == complete.state.tables and has_files


def judge(scenario, before, complete, outcome):
    """What is wrong with how a disturbed command ended."""
    problems = wrong_database(scenario, before, complete.state, outcome.state)
    problems += wrong_files(scenario, before, complete.state, outcome.state)
    if outcome.status == 0:
        if not is_complete(scenario, complete, outcome):
            problems.append("status 0 and the result is not complete")
        elif outcome.stdout != complete.stdout:
            problems.append("status 0 and stdout is not complete")
    return problems


def left_for_good(scenario, before, complete, again):
    """What a collect left besides its results and the next one did not remove: of a folder that was just made, nobody knows."""
    return [name for name in strays(before, complete.state, again.state) if name.startswith(("run/", "tmp/")) and
            again.state.files.get(name) != b""] if scenario.name in COLLECTS else []


def repeat(workshop, scenario, before, complete, outcome):
    """What is wrong with a question after the command, and with a repetition that nothing disturbs."""
    if outcome.state.tables:
        question = workshop.run(dataclasses.replace(scenario, arguments=["kernel", "list"]))
        if question.status:
            return [f"the database cannot be asked: {question.stderr.strip()}"]
    again = workshop.run(scenario)
    if again.status != 0 and not is_complete(scenario, complete, outcome):
        return [f"the repetition fails: {again.stderr.strip()}"]
    if again.state.problems:
        return again.state.problems
    if not is_complete(scenario, complete, again):
        tables = [name for name in sorted(complete.state.tables | again.state.tables)
                  if complete.state.tables.get(name) != again.state.tables.get(name)]
        return [f"the repetition gives another result: {', '.join(tables) or ', '.join(scenario.outputs)}"]
    return [f"{name} is left behind for good" for name in left_for_good(scenario, before, complete, again)]


def scenarios(covdb):
    """All of them; removal where covdb has it, collect where root is."""
    listing = subprocess.run([covdb, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    inputs = "../inputs"
    alone = ["--platform", "c", "--workload", "w", "--seconds", "10", "--trial", "1"]
    table = [
        Scenario("kernel-add-first", ["kernel", "add", "--notes", f"{inputs}/tree", "--name", "k"]),
        Scenario("kernel-add", ["kernel", "add", "--notes", f"{inputs}/more", "--name", "more"], "study"),
        Scenario("kernel-add-info", ["kernel", "add", "--info", f"{inputs}/first.info", "--name", "foreign"], "study"),
        Scenario("import", ["import", f"{inputs}/first", *alone], "study"),
        Scenario("import-tar", ["import", f"{inputs}/first.tar", *alone], "study"),
        Scenario("import-info", ["import", f"{inputs}/first.info", *alone], "study"),
        Scenario("diff", ["diff", "--rule", "poisson"], "study"),
        Scenario("cve-add", ["cve", "add", f"{inputs}/vulns"], "study"),
        Scenario("migrate", ["kernel", "list"], "schema-4"),
        Scenario("decode", ["decode", f"{inputs}/first.tar", "--notes", f"{inputs}/tree", "-o", "out.tsv"],
                 outputs=("out.tsv",), partial=True),
        Scenario("decode-over", ["decode", f"{inputs}/first", "--db", f"{inputs}/study.sqlite", "--format", "json", "-o", "out.json"],
                 outputs=("out.json",), earlier=True, partial=True),
        Scenario("decode-stdout", ["decode", f"{inputs}/first", "--notes", f"{inputs}/tree", "--format", "info"]),
        Scenario("export", ["export", "--trial", "a/w", "--branches", "-o", "out.info"], "study", ("out.info",)),
        Scenario("export-over", ["export", "--trial", "a/w", "--format", "cobertura", "-o", "out.xml"], "study",
                 ("out.xml",), earlier=True),
        Scenario("report", ["report", "-o", "report"], "study", ("report",)),
        Scenario("report-over", ["report", "-o", "report"], "study", ("report",), earlier=True),
        Scenario("paper", ["paper", "-o", "paper"], "study", ("paper",)),
        Scenario("paper-over", ["paper", "-o", "paper"], "study", ("paper",), earlier=True),
        Scenario("summary", ["summary"], "study"),
        Scenario("summary-json", ["summary", "--format", "json"], "study"),
        Scenario("functions-csv", ["functions", "--format", "csv"], "study"),
        Scenario("claims", ["claims"], "study"),
        Scenario("kernel-add-sources", ["kernel", "add", "--notes", f"{inputs}/more", "--name", "more", "--sources", f"{inputs}/more"], "study"),
        Scenario("kernel-diff", ["kernel", "diff", "k", "more", "--list", "lines", "--format", "csv"], "changed"),
        Scenario("compare", ["compare", "k:a/w", "k:b/w", "--format", "json"], "changed"),
        Scenario("compare-kernels", ["compare", "k:a/w", "more:a/w", "--list", "functions", "--format", "csv"], "changed"),
        Scenario("lines-carried", ["lines", "a", "--kernel", "k", "--in-lines-of", "more", "--format", "json"], "changed"),
        Scenario("patch", ["patch", f"{inputs}/new.diff", "--kernel", "k", "--kernel-src", f"{inputs}/tree", "--format", "json"], "changed"),
        Scenario("report-changes", ["report", "-o", "report", "--kernel", "k", "--before", "more", "--patch", f"{inputs}/new.diff"],
                 "changed", ("report",)),
        Scenario("cve", ["cve", "--kernel", "k", "--format", "json"], "changed"),
        Scenario("syscalls", ["syscalls", "--kernel", "k", "--list", "all", "--format", "csv"], "changed"),
        Scenario("profile", ["profile", "--kernel", "k", "--format", "json"], "changed"),
        Scenario("profile-remove", ["profile", "remove", "a/w/1", "--kernel", "k"], "changed"),
    ]
    if "  kernel remove " in listing:
        table.append(Scenario("kernel-remove", ["kernel", "remove", "unused"], "unused"))
    if "  trial remove " in listing:
        table.append(Scenario("trial-remove", ["trial", "remove", "a/w/1"], "study"))
    if can_collect():
        table += [
            Scenario("import-folder", ["import", f"{inputs}/results"], "machine", steps=True),
            Scenario("import-archive", ["import", f"{inputs}/results.tar.zst"], "machine", steps=True),
            Scenario("collect", ["collect", f"{inputs}/collect.yaml", "-o", "out"], outputs=("out",), steps=True),
            Scenario("collect-on", ["collect", f"{inputs}/collect-on.yaml", "-o", "out"], outputs=("out",), steps=True,
                     earlier=True),
        ]
    else:
        print("collect: left out, it needs root and a mount namespace")
    return table
