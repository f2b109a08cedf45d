"""`make demo`: the database, the law, a province that has lived for more than a year, the servers, the logins.

    python -m demo.run            build what is not there yet, start the servers, print the logins; they go on in the background
    python -m demo.run build      build only; nothing to do when it is built
    python -m demo.run serve      serve what is built until Ctrl-C
    python -m demo.run stop       stop servers and database left behind
    python -m demo.run reset      forget the province; the next start builds it anew

What is built stays in the database: the second start only starts. HPF_DEMO_CENTRES=1,5 makes a smaller province to
try things on; HPF_PORT, HPF_BANK_PORT, HPF_NATIONAL_PORT and HPF_DEPARTMENTS_PORT move the servers.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from demo.departments.people import DEMO_KEY, SEED
from demo.logins import PASSWORD_WORDS, Login, keep, kept, new_secret, run_folder, table

PROJECT = Path(__file__).resolve().parents[1]
PORT = int(os.environ.get("HPF_PORT", "8000"))
BANK_PORT = int(os.environ.get("HPF_BANK_PORT", "8901"))
NATIONAL_PORT = int(os.environ.get("HPF_NATIONAL_PORT", "8902"))
DEPARTMENTS_PORT = int(os.environ.get("HPF_DEPARTMENTS_PORT", "8911"))
COURT_PORT = int(os.environ.get("HPF_COURT_PORT", "8921"))
DATABASE = "openhpf"
BOOK = "demo/bank.sqlite"
LETTERS = "demo/national.sqlite"
PEOPLE = "demo/people.json"
TOLD = "demo/told.json"
STATE = "demo/state.json"
PIDS = "demo/pids.json"


def main(arguments: list[str]) -> int:
    _settle_environment()
    match arguments or ["all"]:
        case ["all"]:
            build()
            begun = time.monotonic()
            start_servers()
            _print_logins(begun, "停止：make stop")
        case ["build"]:
            build()
        case ["serve"]:
            return serve()
        case ["stop"]:
            stop()
        case ["reset"]:
            reset()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


def _settle_environment() -> None:
    """Everything the children need to find the same database, bank and keys."""
    sys.path[:0] = [path for path in (str(PROJECT), str(PROJECT / "src")) if path not in sys.path]
    run = run_folder()
    (run / "demo").mkdir(parents=True, exist_ok=True)
    (run / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("HPF_CLUSTER", "demo")
    os.environ.setdefault("HPF_DATABASE", DATABASE)
    os.environ.setdefault("HPF_BANK_URL", f"http://127.0.0.1:{BANK_PORT}/")
    os.environ.setdefault("HPF_NATIONAL_URL", f"http://127.0.0.1:{NATIONAL_PORT}/")
    os.environ.setdefault("HPF_DEPARTMENTS_URL", f"http://127.0.0.1:{DEPARTMENTS_PORT}/")
    os.environ.setdefault("HPF_DEPARTMENTS_KEY", DEMO_KEY)
    os.environ.setdefault("HPF_COURT_URL", f"http://127.0.0.1:{COURT_PORT}/")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), str(PROJECT / "src")])


def is_built() -> bool:
    return (run_folder() / STATE).exists()


def build() -> None:
    """Schema, law, roles, then the life of the province. Interrupted, it begins anew; built, it does nothing."""
    from tools import postgres

    begun = time.monotonic()
    cluster = postgres.start(os.environ["HPF_CLUSTER"])
    if is_built():
        _migrate()
        return
    _say("准备数据库")
    database = os.environ["HPF_DATABASE"]
    postgres.psql(cluster, "postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    postgres.ensure_database(cluster, database)
    _make_keys()
    _migrate()
    for left_over in [*run_folder().glob(f"{BOOK}*"), *run_folder().glob(f"{LETTERS}*"), *run_folder().glob(TOLD)]:
        left_over.unlink()
    secret = new_secret()
    outside = [_start_bank(), _start_national(), _start_departments()]
    try:
        _live(secret, begun)
    finally:
        for process in outside:
            process.terminate()
            process.wait()
    postgres.psql(cluster, database, "VACUUM (ANALYZE)")
    postgres.psql(cluster, database, "CHECKPOINT")
    _say(f"演示省已建成，用时{time.monotonic() - begun:.0f}秒")


def _make_keys() -> None:
    path = run_folder() / "keys" / "fields.json"
    if not path.exists():
        subprocess.run([sys.executable, "-m", "hpf.db.crypto", "new-keys", str(path)], check=True, capture_output=True)


def _migrate() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("upgrade", verbosity=0)


def _live(secret: str, begun: float) -> None:
    from demo.departments.control import DepartmentsControl
    from demo.life import outcome
    from demo.life.cast import hire_supervisors
    from demo.life.run import live
    from demo.life.story import FIRST_DAY, TODAY
    from demo.province.province import DEMO_SCALE, DEMO_SEED

    scratch = run_folder() / (STATE + ".new")
    some = os.environ.get("HPF_DEMO_CENTRES", "")
    live(
        FIRST_DAY, TODAY, seed=DEMO_SEED, scale=DEMO_SCALE, password=PASSWORD_WORDS, secret=secret,
        bank_url=os.environ["HPF_BANK_URL"], state=scratch, say=lambda text: _say(f"营业日 {text}"),
        only=frozenset(map(int, some.split(","))) if some else None,
    )  # fmt: skip
    hire_supervisors(PASSWORD_WORDS, secret)
    found = outcome.compared(outcome.paid_in_story(TODAY))
    _say(outcome.words(found))
    told = DepartmentsControl(os.environ["HPF_DEPARTMENTS_URL"]).told()
    (run_folder() / TOLD).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    state = json.loads(scratch.read_text(encoding="utf-8"))
    if state["refused"]:
        _say(f"没有按安排办成的有{len(state['refused'])}件，详见{STATE}：{'；'.join(state['refused'][:3])}")
    keep(_logins(state), PASSWORD_WORDS, secret)
    (run_folder() / "demo" / "acted.json").unlink(missing_ok=True)
    state["build_seconds"] = round(time.monotonic() - begun, 1)
    scratch.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    scratch.rename(run_folder() / STATE)


def _logins(state: dict) -> list[Login]:  # type: ignore[type-arg]
    """One of each role in the first centre (Lanzhou, unless the demo was made smaller), and the province's officers."""
    from demo.life.cast import PLAN_OFFICE, STAFF, login_of
    from demo.province.province import DEMO_SCALE, DEMO_SEED, Province

    first = min(map(int, state["homes"]))
    centre = Province(DEMO_SEED, DEMO_SCALE).centre(first)
    unit, member = centre.employers[0], next(m for m in map(centre.members.one, range(len(centre.members))) if m.id_kind == "RESIDENT_ID")
    home = state["homes"][str(first)]
    return [
        Login("单位经办人", home["employers"]["0"], f"{unit.name} {unit.operator_name}", False),
        Login("缴存人", member.id_number, f"{member.name}（证件号码登录）", False),
        *(Login(label, login_of(kind, centre.code), f"{centre.short_name}{label}", True) for kind, _, label in STAFF),
        Login("省级监管", "supervisor", "省级监管", True),
        Login("省厅台账管理", PLAN_OFFICE, "省厅台账管理", True),
    ]


# -- serving


def _start_bank() -> subprocess.Popen[bytes]:
    from hpf.jobs.banking import bank_key

    first_day = "2025-09-01"
    bank = _start(
        "bank", [sys.executable, "-m", "demo.bank", "--port", str(BANK_PORT), "--book", str(run_folder() / BOOK), "--seed", "7", "--first-day", first_day],
        {"HPF_BANK_KEY": bank_key().decode()},
    )  # fmt: skip
    _wait_for(f"http://127.0.0.1:{BANK_PORT}/control/state", bank, "模拟银行")
    return bank


def _start_national() -> subprocess.Popen[bytes]:
    """The national transfer platform with the other cities behind it; they pay and are paid at the bank."""
    from django.conf import settings

    national = _start(
        "national", [sys.executable, "-m", "demo.national", "--port", str(NATIONAL_PORT), "--book", str(run_folder() / LETTERS), "--seed", "7",
                     "--first-day", "2025-09-01", "--bank-url", f"http://127.0.0.1:{BANK_PORT}"],
        {"HPF_NATIONAL_KEY": str(settings.HPF_NATIONAL_KEY)},
    )  # fmt: skip
    _wait_for(f"http://127.0.0.1:{NATIONAL_PORT}/control/state", national, "模拟转移接续平台")
    return national


def _start_court() -> subprocess.Popen[bytes]:
    """The courts' platform; it knows the secrets under which the demo registered its courts."""
    from demo.court.keys import every_secret

    door = f"http://127.0.0.1:{PORT}/api/court/orders"
    court = _start(
        "court", [sys.executable, "-m", "demo.court", "--port", str(COURT_PORT), "--door", door],
        {"HPF_COURTS": json.dumps(every_secret())},
    )  # fmt: skip
    _wait_for(f"http://127.0.0.1:{COURT_PORT}/control/state", court, "模拟法院平台")
    return court


def _start_departments() -> subprocess.Popen[bytes]:
    """The departments over the demo's people; the file of who they are is written once."""
    from django.conf import settings

    people = run_folder() / PEOPLE
    if not people.exists():
        subprocess.run([sys.executable, "-m", "demo.departments.people", str(people)], check=True, capture_output=True, cwd=PROJECT)
    departments = _start(
        "departments", [sys.executable, "-m", "demo.departments", "--port", str(DEPARTMENTS_PORT), "--people", str(people), "--seed", str(SEED),
                        "--told", str(run_folder() / TOLD)],
        {"HPF_DEPARTMENTS_KEY": str(settings.HPF_DEPARTMENTS_KEY)},
    )  # fmt: skip
    _wait_for(f"http://127.0.0.1:{DEPARTMENTS_PORT}/control/state", departments, "模拟部门")
    return departments


def _start(name: str, command: list[str], extra: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    log = (run_folder() / "demo" / f"{name}.log").open("ab")
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=PROJECT, env={**os.environ, **(extra or {})}, start_new_session=True
    )  # fmt: skip


def _wait_for(url: str, process: subprocess.Popen[bytes], name: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{name}没有启动，原因见 {run_folder() / 'demo'} 下的日志")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{name}在{seconds:.0f}秒内没有应答，原因见 {run_folder() / 'demo'} 下的日志")


def start_servers() -> dict[str, subprocess.Popen[bytes]]:
    """Bank, worker and web server over what is built."""
    from tools import postgres

    if not is_built():
        raise SystemExit("演示省尚未建成，请先运行 python -m demo.run build")
    stop_servers()
    postgres.start(os.environ["HPF_CLUSTER"])
    import django

    django.setup()
    web = _start(
        "web",
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers", "1", "--blocking-threads", "4",
         "--no-ws", "config.wsgi:application"],
    )  # fmt: skip
    servers = {
        "bank": _start_bank(),
        "national": _start_national(),
        "departments": _start_departments(),
        "court": _start_court(),
        "worker": _start("worker", [sys.executable, "-m", "hpf.jobs.worker"]),
        "street": _start("street", [sys.executable, "-m", "demo.street"]),
        "web": web,
    }
    (run_folder() / PIDS).write_text(json.dumps({name: process.pid for name, process in servers.items()}), encoding="utf-8")
    _wait_for(f"http://127.0.0.1:{PORT}/", web, "网页服务")
    return servers


def _print_logins(begun: float, how_to_stop: str) -> None:
    print(f"\n{table()}\n\n陇金已就绪（{time.monotonic() - begun:.0f}秒）：http://127.0.0.1:{PORT}    {how_to_stop}\n", flush=True)


def serve() -> int:
    begun = time.monotonic()
    servers = start_servers()
    _print_logins(begun, "按 Ctrl-C 停止")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(process.poll() is None for process in servers.values()):
            time.sleep(0.5)
        ended = [name for name, process in servers.items() if process.poll() is not None]
        print(f"{'、'.join(ended)} 已退出，原因见 {run_folder() / 'demo'} 下的日志", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        for process in servers.values():
            process.terminate()
        for process in servers.values():
            process.wait(timeout=15)
        (run_folder() / PIDS).unlink(missing_ok=True)


def stop_servers() -> None:
    """End what an earlier start left behind."""
    path = run_folder() / PIDS
    if not path.exists():
        return
    pids = list(json.loads(path.read_text(encoding="utf-8")).values())
    for pid in pids:
        if _is_ours(pid):
            os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + 15
    while any(_is_ours(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    path.unlink()


def _is_ours(pid: int) -> bool:
    """Whether the number still belongs to a server of ours; one that has ended has no command line any more."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return any(
        word in command
        for word in (b"demo.bank", b"demo.national", b"demo.departments", b"demo.court", b"demo.street", b"hpf.jobs.worker", b"granian")
    )


def stop() -> None:
    from tools import postgres

    stop_servers()
    postgres.stop(os.environ["HPF_CLUSTER"])


def reset() -> None:
    stop_servers()
    (run_folder() / STATE).unlink(missing_ok=True)
    _say("已忘记演示省，下次启动将重新生成")


def _say(text: str) -> None:
    print(text, flush=True)


__all__ = ["build", "is_built", "kept", "main", "reset", "serve", "start_servers", "stop", "stop_servers"]

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
