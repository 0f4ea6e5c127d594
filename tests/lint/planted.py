#!/usr/bin/env python3
"""planted.py - each check of the sources fails on a violation planted into a tree that it passed."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LINT = Path(__file__).resolve().parent

TABLE = """
[folders]
"collector/base" = []
"collector/run" = []
"collector/plan" = ["collector/run"]
"venn" = ["collector/plan"]
[files]
"venn/main.c" = ["collector/run/process.h"]
[only.include]
"sqlite3.h" = ["venn/store.c"]
[only.call]
"fork|exec[lv]p?e?" = ["collector/run/process.c"]
"strcpy" = []
[only.word]
"stderr" = ["collector/base/base.c"]
"""

BASE = '/* base.h - the base. */\n#ifndef B\n#define B\n/** cov_base() - one. @of: what */\nint cov_base(int of);\n#endif\n'
PROCESS = '/* process.h - processes. */\n#ifndef P\n#define P\n#include "collector/base/base.h"\nint process_start(int number);\n#endif\n'
PLAN = '/* plan.h - a plan. */\n#ifndef Q\n#define Q\nint plan_make(int number);\n#endif\n'

# {path: text} of a tree that every check passes.
SOUND = {
    "tests/lint/layers.toml": TABLE,
    "collector/base/base.h": BASE,
    "collector/base/base.c": '/* base.c - the base. */\n#include "collector/base/base.h"\nint cov_base(int of)\n{\n\treturn of;\n}\n',
    "collector/run/process.h": PROCESS,
    "collector/run/process.c": '/* process.c - processes. */\n#include "collector/run/process.h"\n\n#include <unistd.h>\n'
                               "int process_start(int number)\n{\n\treturn cov_base(number) + fork();\n}\n",
    "collector/plan/plan.h": PLAN,
    "collector/plan/plan.c": '/* plan.c - a plan. */\n#include "collector/plan/plan.h"\n#include "collector/run/process.h"\n'
                             "int plan_make(int number)\n{\n\treturn process_start(number);\n}\n",
    "venn/store.c": '/* store.c - the store. */\n#include "collector/plan/plan.h"\n/* fork() and "strcpy(" are words here */\n',
    "venn/main.c": '/* main.c - the program. */\n#include "collector/run/process.h"\n',
}


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name, text in SOUND.items():
            self.plant(name, text)

    def plant(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def append(self, name, text):
        self.plant(name, SOUND[name] + text)

    def git(self, *words):
        subprocess.run(["git", "-C", str(self.root), *words], check=True, capture_output=True)

    def run_check(self, check, *operands):
        self.git("init", "-q")
        self.git("add", "-A")
        return subprocess.run([sys.executable, str(LINT / check), str(self.root), *operands],
                              capture_output=True, text=True, check=False)

    def passes(self, check, *operands):
        done = self.run_check(check, *operands)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def fails(self, complaint, check, *operands):
        done = self.run_check(check, *operands)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(complaint, done.stdout)


class Layers(Planted):
    def test_a_sound_tree_passes(self):
        self.passes("layers.py")

    def test_an_include_that_the_table_does_not_have(self):
        self.append("collector/run/process.c", '#include "collector/plan/plan.h"\n')
        self.fails("collector/run/process.c:9: may not include collector/plan/plan.h", "layers.py")

    def test_the_base_includes_no_other_folder(self):
        self.append("collector/base/base.c", '#include "collector/run/process.h"\n')
        self.fails("may not include collector/run/process.h", "layers.py")

    def test_a_row_for_a_file_is_for_that_file_alone(self):
        self.append("venn/store.c", '#include "collector/run/process.h"\n')
        self.fails("venn/store.c:4: may not include collector/run/process.h", "layers.py")

    def test_an_include_that_climbs(self):
        self.append("venn/store.c", '#include "../collector/plan/plan.h"\n')
        self.fails("climbs", "layers.py")

    def test_an_include_that_does_not_begin_at_the_root(self):
        self.append("collector/plan/plan.c", '#include "plan.h"\n')
        self.fails("does not begin at the root", "layers.py")

    def test_an_include_of_nothing(self):
        self.append("venn/store.c", '#include "venn/gone.h"\n')
        self.fails("which git does not list", "layers.py")

    def test_a_folder_in_no_row(self):
        self.plant("venn/attic/old.c", "/* old.c - old. */\n")
        self.fails("the folder venn/attic stands in no row", "layers.py")

    def test_a_row_without_a_folder(self):
        self.plant("tests/lint/layers.toml", TABLE.replace('[files]', '"venn/gone" = []\n[files]'))
        self.fails("the folder venn/gone has no sources", "layers.py")

    def test_a_header_of_one_file_alone(self):
        self.append("venn/main.c", "#include <sqlite3.h>\n")
        self.fails("venn/main.c:3: may not include sqlite3.h", "layers.py")

    def test_a_process_started_elsewhere(self):
        self.append("venn/main.c", "int main(void) { return fork(); }\n")
        self.fails("venn/main.c:3: may not call fork()", "layers.py")

    def test_a_banned_function(self):
        self.append("collector/run/process.c", "void f(char *a, char *b) { strcpy(a, b); }\n")
        self.fails("may not call strcpy()", "layers.py")

    def test_a_message_of_its_own(self):
        self.append("venn/main.c", 'void f(void) { fputs("stderr", stderr); }\n')
        self.fails("venn/main.c:3: may not name stderr", "layers.py")

    def test_a_circle_by_include(self):
        self.plant("venn/a.h", '#include "venn/b.h"\n')
        self.plant("venn/a.c", "")
        self.plant("venn/b.c", '#include "venn/a.h"\n')
        self.plant("venn/b.h", "")
        self.fails("circle by include: venn/a venn/b", "layers.py")

    def test_a_tree_without_sources(self):
        for folder in ("collector", "venn"):
            shutil.rmtree(self.root / folder)
        self.fails("git lists no file for this check", "layers.py")

    def test_a_file_that_git_lists_and_is_not_there(self):
        self.git("init", "-q")
        self.git("add", "-A")
        (self.root / "venn/store.c").unlink()
        done = subprocess.run([sys.executable, str(LINT / "layers.py"), str(self.root)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("venn/store.c: was not read by the check", done.stdout)


class Headers(Planted):
    def test_a_sound_tree_passes(self):
        self.passes("headers.py")

    def test_a_header_that_does_not_compile_alone(self):
        self.append("collector/plan/plan.h", "int plan_count(size_t of);\n")
        self.fails("collector/plan/plan.h: does not compile alone", "headers.py")

    def test_a_documented_parameter_that_is_none(self):
        self.plant("collector/base/base.h", BASE.replace("@of", "@off"))
        self.fails("@off is no parameter", "headers.py")

    def test_a_prototype_whose_function_another_file_defines(self):
        self.append("collector/plan/plan.h", "int plan_count(int of);\n")
        self.append("venn/main.c", "int plan_count(int of)\n{\n\treturn of;\n}\n")
        self.fails("plan.h:6: plan_count() is defined by venn/main.c, not by the .c beside it", "headers.py")

    def test_a_prototype_of_nothing(self):
        self.append("collector/plan/plan.h", "int plan_count(int of);\n")
        self.fails("plan_count() is defined by nothing", "headers.py")

    def test_a_name_that_does_not_tell_its_file(self):
        self.append("collector/plan/plan.h", "int survey_make(int of);\n")
        self.append("collector/plan/plan.c", "int survey_make(int of)\n{\n\treturn of;\n}\n")
        self.fails("plan.h:6: survey_make() does not begin with cov_ or plan", "headers.py")

    def test_a_tree_without_headers(self):
        for name in SOUND:
            if name.endswith(".h"):
                (self.root / name).unlink()
        self.fails("git lists no file for this check", "headers.py")


class Rules(Planted):
    def test_a_sound_tree_passes(self):
        self.passes("rules.py")

    def test_a_file_that_does_not_say_what_it_is_for(self):
        self.plant("venn/main.c", "int main(void);\n")
        self.fails("venn/main.c:1: does not begin with its name", "rules.py")

    def test_a_line_that_is_too_long(self):
        self.append("venn/main.c", "/* " + "long " * 20 + "*/\n")
        self.fails("venn/main.c:3: 105 columns", "rules.py")

    def test_a_file_that_is_too_long(self):
        self.append("venn/main.c", "\n" * 600)
        self.fails("602 lines", "rules.py")

    def test_a_test_that_is_too_long(self):
        self.plant("tests/unit/long_test.c", "/* long_test.c - a test. */\n" + "\n" * 600)
        self.fails("tests/unit/long_test.c: 601 lines", "rules.py")

    def test_a_banner(self):
        self.append("venn/main.c", "/* ---- helpers ---- */\n")
        self.fails("a banner", "rules.py")

    def test_a_tree_without_sources(self):
        for folder in ("collector", "venn"):
            shutil.rmtree(self.root / folder)
        self.fails("git lists no file for this check", "rules.py")


class Functions(Planted):
    def test_a_sound_tree_passes(self):
        self.passes("functions.py")

    def test_a_function_that_is_too_long(self):
        self.append("venn/main.c", "int f(int a)\n{\n" + "\ta++;\n" * 70 + "\treturn a;\n}\n")
        self.fails("venn/main.c:3: f() has 74 lines, more than 70", "functions.py")

    def test_a_function_of_too_many_parameters(self):
        self.append("venn/main.c", "int f(int a, int b, int c, int d, int e, int g, int h)\n{\n\treturn a;\n}\n")
        self.fails("f() has 7 parameters", "functions.py")

    def test_a_function_that_is_hard_to_follow(self):
        self.append("venn/main.c", "int f(int a)\n{\n" + "while (a) { if (a > 1) {" * 4 + "a--;" + "}}" * 4 + "return a;\n}\n")
        self.fails("of cognitive complexity", "functions.py")

    def test_a_tree_without_sources(self):
        for folder in ("collector", "venn"):
            shutil.rmtree(self.root / folder)
        self.fails("git lists no file for this check", "functions.py")


class Duplicates(Planted):
    block = "".join(f"\tint number_{i} = {i};\n" for i in range(10))

    def test_a_sound_tree_passes(self):
        self.passes("duplicates.py")

    def test_nine_lines_twice_are_fine(self):
        nine = "".join(self.block.splitlines(True)[:9])
        self.append("venn/main.c", nine + "int between;\n" + nine)
        self.passes("duplicates.py")

    def test_ten_lines_twice_in_a_file(self):
        self.append("venn/main.c", self.block + "int between;\n" + self.block)
        self.fails("venn/main.c:14: 10 lines as at venn/main.c:3", "duplicates.py")

    def test_ten_lines_in_a_script_and_another(self):
        script = "".join(f"echo {i}\n" for i in range(10))
        self.plant("a.sh", "#!/bin/sh\n" + script)
        self.plant("b.sh", "#!/bin/sh\n\n# other words\n" + script)
        self.fails("b.sh:4: 10 lines as at a.sh:2", "duplicates.py")

    def test_a_tree_without_sources(self):
        for folder in ("collector", "venn"):
            shutil.rmtree(self.root / folder)
        self.fails("git lists no file for this check", "duplicates.py")


class Calls(Planted):
    def build(self, sources):
        """Compile, and write what CMake would have written about it."""
        commands = []
        for name in sources:
            output = name.replace("/", "_") + ".o"
            subprocess.run(["gcc", "-D_GNU_SOURCE", "-I.", "-c", name, "-o", output], cwd=self.root, check=True)
            commands.append(f'{{"directory": "{self.root}", "file": "{self.root}/{name}", "command": "gcc -o {output}"}}')
        self.plant("build/compile_commands.json", f"[{','.join(commands)}]")

    def sources(self):
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*.c")]

    def test_a_sound_tree_passes(self):
        self.build(self.sources())
        self.passes("calls.py", str(self.root / "build"))

    def test_a_circle_by_call(self):
        self.append("collector/run/process.c", "int plan_make(int);\nint back(void) { return plan_make(1); }\n")
        self.build(self.sources())
        self.fails("circle by call: collector/plan/plan collector/run/process", "calls.py", str(self.root / "build"))

    def test_a_source_that_was_not_built(self):
        self.build([name for name in self.sources() if name != "venn/main.c"])
        self.fails("venn/main.c: was not read by the check", "calls.py", str(self.root / "build"))


class Results(Planted):
    def setUp(self):
        super().setUp()
        self.plant("tests/lint/results.toml", '["stdio.h"]\nfunctions = "rename"\n')

    def write_commands(self, sources):
        commands = [f'{{"directory": "{self.root}", "file": "{self.root}/{name}",'
                    f' "command": "gcc -D_GNU_SOURCE -I. -o x.o -c {name}"}}' for name in sources]
        self.plant("build/compile_commands.json", f"[{','.join(commands)}]")

    def test_a_sound_tree_passes(self):
        self.append("venn/main.c", '#include <stdio.h>\nint f(void) { return rename("a", "b"); }\n')
        self.write_commands(self.sources())
        self.passes("results.py", str(self.root / "build"))

    def sources(self):
        return [str(path.relative_to(self.root)) for path in self.root.rglob("*.c")]

    def test_a_result_that_nothing_takes(self):
        self.append("venn/main.c", '#include <stdio.h>\nvoid f(void) { (void)rename("a", "b"); }\n')
        self.write_commands(self.sources())
        self.fails("venn/main.c:4: the result of rename() is ignored", "results.py", str(self.root / "build"))

    def test_a_function_that_the_library_does_not_have(self):
        self.plant("tests/lint/results.toml", '["stdio.h"]\nfunctions = "rename_all"\n')
        self.append("venn/main.c", "#include <stdio.h>\n")
        self.write_commands(self.sources())
        self.fails("venn/main.c: was not compiled", "results.py", str(self.root / "build"))

    def test_a_source_that_was_not_built(self):
        self.write_commands([name for name in self.sources() if name != "venn/main.c"])
        self.fails("venn/main.c: was not read by the check", "results.py", str(self.root / "build"))


if __name__ == "__main__":
    unittest.main()
