"""`hpf demo` and `hpf bench`: programs of the checkout beside the package, run in its folder."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from hpf.jobs.cli.answers import Passed, WrongUse


def add(families: Any) -> None:
    for name, text in (("demo", "演示省：建成、启动、停止（build、serve、stop、reset）"), ("bench", "性能预算的测量")):
        parser = families.add_parser(name, help=text, description=text)
        parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="参数", help=f"原样交给{name}")
        parser.set_defaults(run=_run, program=name)


def _run(options: argparse.Namespace) -> Passed:
    folder = next((above for above in Path(__file__).resolve().parents if (above / options.program / "__init__.py").is_file()), None)
    if folder is None:
        raise WrongUse(f"{options.program}：只能在项目源码目录的安装中运行")
    module = "demo.run" if options.program == "demo" else options.program
    return Passed(subprocess.run([sys.executable, "-m", module, *options.arguments], cwd=folder, check=False).returncode)
