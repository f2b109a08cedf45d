"""登录信息: the demo's logins as they are printed at the end, and the codes of the second factor.

python -m demo.logins                 the table
python -m demo.logins code LOGIN      the six digits an authenticator would show now (any staff login)
"""

from __future__ import annotations

import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PASSWORD_WORDS = "Longjin-2026-Demo"
LOGINS_FILE = "demo/logins.json"


@dataclass(frozen=True, slots=True)
class Login:
    role: str
    login: str
    name: str
    second_factor: bool


def run_folder() -> Path:
    import os

    return Path(os.environ.get("HPF_RUN", PROJECT / ".run"))


def new_secret() -> str:
    """A second-factor secret for this installation: base32, as authenticators take it."""
    import base64

    return base64.b32encode(secrets.token_bytes(20)).decode()


def keep(logins: list[Login], password: str, secret: str) -> None:
    path = run_folder() / LOGINS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"role": one.role, "login": one.login, "name": one.name, "second_factor": one.second_factor} for one in logins]
    path.write_text(json.dumps({"password": password, "secret": secret, "logins": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)


def kept() -> dict[str, object]:
    return dict(json.loads((run_folder() / LOGINS_FILE).read_text(encoding="utf-8")))


def code_now() -> str:
    import pyotp

    return str(pyotp.TOTP(str(kept()["secret"])).now())


def _wide(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def table() -> str:
    """What is printed when the demo is ready."""
    found = kept()
    rows = [("角色", "登录名", "姓名或单位", "动态口令")]
    rows += [(str(r["role"]), str(r["login"]), str(r["name"]), "需要" if r["second_factor"] else "不需要") for r in found["logins"]]  # type: ignore[attr-defined]
    widths = [max(_wide(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell + " " * (width - _wide(cell)) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([
        *lines, "", f"所有演示登录的密码：{found['password']}",
        f"工作人员的动态口令（此刻为 {code_now()}，每30秒更新）：.venv/bin/python -m demo.logins code",
        f"或在身份验证器中录入密钥：{found['secret']}",
    ])  # fmt: skip


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["code"]:
        print(code_now())
        return 0
    print(table())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
