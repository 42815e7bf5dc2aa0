"""Fills in the right-hand sides of the pairs beside this file with what CPython gives.

    python3 generate.py            # all *.txt
    python3 generate.py str.txt

A file holds lines of three kinds: `# remark`, `| code` (statements run before the pairs that follow) and
`expression => repr`. Write `expression =>` and run this. An expression that raises gets `=> ! NameOfException`.
"""
import glob
import os
import sys
import types


def run(path):
    module = types.ModuleType("__main__")
    scope = module.__dict__
    sys.modules["__main__"] = module
    out, code = [], []

    def flush():
        if code:
            exec(compile("\n".join(code), path, "exec"), scope)
            code.clear()

    for line in open(path, encoding="utf-8").read().split("\n"):
        if line.startswith("|"):
            code.append(line[2:])
        elif line.strip() and not line.startswith("#"):
            flush()
            expression = line.split(" => ")[0].removesuffix(" =>").rstrip()
            try:
                right = repr(eval(expression, scope))
            except BaseException as e:
                right = "! " + type(e).__name__
            if "\n" in right or " at 0x" in right:
                sys.exit(f"{path}: {expression} has no repr that fits a line: {right}")
            line = f"{expression} => {right}"
        out.append(line)
    open(path, "w", encoding="utf-8").write("\n".join(out))


for name in sys.argv[1:] or sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.txt"))):
    run(name)
