"""`python -m demo.national --port 8902 --book national.sqlite --bank-url http://127.0.0.1:8901 --seed 7`

Prints one line of JSON with the port when it listens. The shared key comes from HPF_NATIONAL_KEY.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import date

from demo.national.server import Platform, serve

DEMO_KEY = "演示用转移接续密钥"


def main() -> None:
    options = argparse.ArgumentParser(prog="demo.national", description="模拟全国转移接续平台")
    options.add_argument("--port", type=int, default=8902)
    options.add_argument("--book", required=True, help="登记簿文件（SQLite）")
    options.add_argument("--bank-url", required=True, help="模拟银行的地址")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first-day", type=date.fromisoformat, default=date(2025, 7, 1), help="新登记簿的首日")
    given = options.parse_args()
    key = os.environ.get("HPF_NATIONAL_KEY", DEMO_KEY).encode()
    platform = Platform.open(given.book, seed=given.seed, key=key, first_day=given.first_day, bank_url=given.bank_url)
    server = serve(platform, given.port)
    print(json.dumps({"port": server.server_address[1], "business_on": platform.book.business_on.isoformat()}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
