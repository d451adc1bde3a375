"""The house keeps its walls: imports run one way, and the promises of the README are true."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from attendance.cli import app

ROOT = Path(__file__).parents[1]
CODE = sorted(
    path
    for path in [*ROOT.glob("attendance/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "app.py"]
    # A migration is a list of what was done to a database once; it is never read on its own.
    if "versions" not in path.parts
)

# Each layer may import itself and the layers named here.
BELOW = {
    "errors": set(),
    "rules": {"errors"},
    "core": {"rules", "errors"},
    "charts": {"core", "rules", "errors"},
    "importers": {"core", "rules", "errors"},
    "documents": {"charts", "core", "rules", "errors"},
    "demo": {"core", "rules", "errors"},
    "store": {"core", "rules", "errors"},
}
BELOW["services"] = set(BELOW) | {"errors"}
BELOW["ui"] = BELOW["services"] | {"services"}
BELOW["cli"] = BELOW["services"] | {"services"}
BELOW["pages"] = BELOW["ui"] | {"ui"}
BELOW["app"] = BELOW["pages"] | {"pages"}
ONLY_IN = {
    "streamlit": {"ui", "pages", "app"},
    "streamlit_authenticator": {"ui"},
    "altair": {"charts"},
    "sqlalchemy": {"store"},
    "openpyxl": {"documents", "importers"},
    "typer": {"cli"},
}


def layer_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] != "attendance":
        return parts[0]
    if parts[1].startswith("cli") or parts[1] == "__main__":
        return "cli"
    return parts[1]


def imports_of(path: Path) -> set[str]:
    """Every module a file imports by name, relative imports refused."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {node.module or ""} | {f"{node.module}.{a.name}" for a in node.names}
    return found


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path):
    layer = layer_of(path)
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "attendance" and len(parts) > 1:
            other = "cli" if parts[1].startswith("cli") else parts[1]
            assert other in BELOW[layer] | {layer}, f"{path.name} ({layer}) imports {name}"
        if parts[0] in ONLY_IN:
            assert layer in ONLY_IN[parts[0]], f"{path.name} ({layer}) imports {name}"


def test_every_layer_of_the_house_is_known_to_the_test():
    assert {layer_of(path) for path in CODE if path.parent.name != "attendance"} <= set(BELOW)


def test_no_import_is_circular():
    graph = {_module(path): imports_of(path) for path in CODE}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for name in sorted(graph[module] & graph.keys() - {module}):
            visit(name, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_modules_are_under_300_lines_and_pages_under_100():
    for path in CODE:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= (100 if layer_of(path) == "pages" else 300), f"{path} has {lines} lines"


def test_no_function_is_over_60_lines_and_nine_in_ten_are_under_30():
    sizes = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                assert size <= 60, f"{path}: {node.name} has {size} lines"
                sizes.append(size)
    assert sorted(sizes)[int(len(sizes) * 0.9)] < 30


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly_and_says_why(name):
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith(("#", "-r")):
            assert re.fullmatch(r"[\w\[\].-]+==[\w.]+ +# \S.+", line), line


def test_the_local_database_can_never_be_committed():
    for name in ("data/local/attendance.sqlite", "data/local/any/other.xlsx"):
        asked = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT)
        assert asked.returncode == 0, name
    tracked = subprocess.run(
        ["git", "ls-files", "data/local"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert tracked.stdout == ""


def commands(command, words=()):
    """Every command line that the program understands, without its options."""
    for name, sub in getattr(command, "commands", {}).items():
        yield from commands(sub, (*words, name))
    if not hasattr(command, "commands"):
        yield " ".join(words)


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in commands(get_command(app)):
        assert f"attendance {line}" in readme, line


def test_the_readmes_test_command_runs_the_tests():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.split("<!-- test command -->\n```bash\n")[1].split("```")[0]
    last = shlex.split(block.strip().splitlines()[-1])
    assert last[0] == ".venv/bin/pytest"
