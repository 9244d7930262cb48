"""Run npm with the node of the Python environment: `npm.py ci --ignore-scripts`."""

import os
import sys

from link import node


def main() -> None:
    program = node()
    npm = program.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    os.execv(program, [str(program), str(npm), *sys.argv[1:]])


if __name__ == "__main__":
    main()
