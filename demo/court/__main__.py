"""`python -m demo.court --port 8921 --door http://127.0.0.1:8000/api/court/orders`

Prints one line of JSON with the port when it listens. Courts and their secrets come through HPF_COURTS (JSON: {client number: secret}).
"""

from __future__ import annotations

import argparse
import json
import os

from demo.court.server import CourtPlatform, serve


def main() -> None:
    options = argparse.ArgumentParser(prog="demo.court", description="模拟法院执行平台")
    options.add_argument("--port", type=int, default=8921)
    options.add_argument("--door", default="http://127.0.0.1:8000/api/court/orders", help="中心接收查控文书的地址")
    given = options.parse_args()
    platform = CourtPlatform(given.door)
    platform.secrets.update(json.loads(os.environ.get("HPF_COURTS", "{}")))
    server = serve(platform, given.port)
    print(json.dumps({"port": server.server_address[1]}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
