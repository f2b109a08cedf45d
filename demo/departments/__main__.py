"""`python -m demo.departments --port 8911 [--people people.json] [--told told.json] [--seed 7] [--delay-ms 0] [--faults faults.json]`

Prints one line of JSON with the port when it listens. The shared secret comes from HPF_DEPARTMENTS_KEY.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from demo.departments.people import DEMO_KEY
from demo.departments.server import Departments, serve


def main() -> None:
    options = argparse.ArgumentParser(prog="demo.departments", description="模拟部门")
    options.add_argument("--port", type=int, default=8911)
    options.add_argument("--people", type=Path, help="人员文件（JSON）")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--delay-ms", type=int, default=0, help="每次答复前的固定延迟")
    options.add_argument("--told", type=Path, help="先前告知的事项（JSON）")
    options.add_argument("--faults", type=Path, help="故障设置（JSON）")
    given = options.parse_args()
    secret = os.environ.get("HPF_DEPARTMENTS_KEY", DEMO_KEY).encode()
    departments = Departments(secret, seed=given.seed, delay_ms=given.delay_ms)
    if given.people:
        departments.registry.settle(json.loads(given.people.read_text(encoding="utf-8")))
    if given.told and given.told.exists():
        for path, said in json.loads(given.told.read_text(encoding="utf-8")):
            departments.control(path, said)
    if given.faults:
        departments.faults.set(json.loads(given.faults.read_text(encoding="utf-8")))
    server = serve(departments, given.port)
    print(json.dumps({"port": server.server_address[1], "people": len(departments.registry.people)}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
