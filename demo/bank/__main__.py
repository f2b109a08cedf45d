"""`python -m demo.bank --port 8100 --book bank.sqlite --seed 7 [--faults faults.json] [--notice-url URL]`

Prints one line of JSON with the port when it listens. The shared key comes from HPF_BANK_KEY.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import date
from pathlib import Path

from demo.bank.server import Bank, Pusher, serve

DEMO_KEY = "演示用结算密钥"


def main() -> None:
    options = argparse.ArgumentParser(prog="demo.bank", description="模拟银行")
    options.add_argument("--port", type=int, default=8100)
    options.add_argument("--book", required=True, help="账本文件（SQLite）")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--faults", type=Path, help="故障设置（JSON）")
    options.add_argument("--first-day", type=date.fromisoformat, default=date(2025, 7, 1), help="新账本的首个营业日")
    options.add_argument("--notice-url", default=None, help="到账通知推送地址")
    given = options.parse_args()
    key = os.environ.get("HPF_BANK_KEY", DEMO_KEY).encode()
    bank = Bank.open(given.book, seed=given.seed, key=key, first_day=given.first_day)
    if given.faults:
        bank.faults.set(json.loads(given.faults.read_text(encoding="utf-8")))
    if given.notice_url is not None:
        bank.control("settings", {"notice_url": given.notice_url})
    server = serve(bank, given.port)
    Pusher(bank).start()
    print(json.dumps({"port": server.server_address[1], "business_on": bank.book.business_on.isoformat()}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
