"""`python -m benchmarks`: what there is and how to run each; `python -m benchmarks NAME …` runs one."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def benchmarks() -> dict[str, str]:
    """Name -> what it measures and how it is run, as the module says; modules without a main part are tools."""
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        about = ast.get_docstring(ast.parse(source)) or ""
        if path.stem != "__main__" and "__main__" in source:
            found[path.stem] = about.partition("\n\n")[0]
    return found


def main() -> int:
    names = benchmarks()
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print("python -m benchmarks NAME [OPTIONS]; NAME --help says more. There are:\n")
        for name, about in names.items():
            print(f"{name}\n    " + about.replace("\n", "\n    "))
        return 0
    name = sys.argv[1]
    if name not in names:
        print(f"no benchmark is named {name!r}; there are {', '.join(names)}", file=sys.stderr)
        return 2
    del sys.argv[1]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
