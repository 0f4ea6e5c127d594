#!/bin/sh
# notebook.sh COVDB SOURCE_DIR DATABASE - the notebook makes every figure of the paper of the recorded study.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# shellcheck source=tests/python/environment.sh
. "$source/tests/python/environment.sh"
need python3 flock
export COVDB="$3"
environment "$source/tests/python/requirements.txt"
install_wheel "$source/venn/python"
export IPYTHONDIR="$folder/ipython" JUPYTER_CONFIG_DIR="$folder/jupyter" MPLCONFIGDIR="$folder/matplotlib"
"$python" - "$source/venn/python/figures.ipynb" <<'END' || fail "the notebook"
import sys

import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], 4)
assert not any(cell.get("outputs") for cell in notebook.cells), "its outputs are not kept"
NotebookClient(notebook, kernel_name="python3").execute()
outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
pictures = sum("image/png" in output.get("data", {}) for output in outputs)
tables = sum("text/html" in output.get("data", {}) for output in outputs)
warnings = "".join(output.get("text", "") for output in outputs if output.get("name") == "stderr")
said = "".join(output.get("text", "") for output in notebook.cells[-1]["outputs"])
print(f"{pictures} figures, {tables} tables; missing: {said.strip()}")
assert pictures == 24 and tables == 3 and said.strip() == "nothing" and not warnings, (pictures, tables, said, warnings)
END
