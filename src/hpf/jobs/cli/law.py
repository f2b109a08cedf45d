"""Where `law/` is, for commands that need no database: HPF_LAW, the folder of the checkout, or the working folder."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

from hpf.jobs.cli.answers import WrongUse
from hpf.policy.rules import Centre, LawFileError, LawFiles, PolicyBook, Scope


@cache
def law() -> LawFiles:
    try:
        return LawFiles.read(folder())
    except LawFileError as wrong:
        raise WrongUse(f"法规数据有误：{wrong}") from None


def folder() -> Path:
    """The folder of the law files."""
    if named := os.environ.get("HPF_LAW"):
        if not (Path(named) / "centres.yaml").is_file():
            raise WrongUse(f"环境变量HPF_LAW指向的目录{named}不是法规目录")
        return Path(named)
    for above in (*Path(__file__).resolve().parents, *Path.cwd().resolve().parents, Path.cwd()):
        if (above / "law" / "centres.yaml").is_file():
            return above / "law"
    raise WrongUse("找不到法规目录law，请在项目目录中运行，或用环境变量HPF_LAW指明")


def centre(name: str) -> Centre:
    try:
        return law().centre(int(name) if name.isdigit() else name)
    except LookupError:
        codes = "、".join(each.code for each in law().centres)
        raise WrongUse(f"没有中心“{name}”，可用：{codes}") from None


def district(of: Centre, name: str | None) -> str | None:
    """A district by its code or name; None stays None."""
    if name is None:
        return None
    for each in of.districts:
        if name in (each.code, each.name, each.name.rstrip("区县市")):
            return each.code
    names = "、".join(each.name for each in of.districts)
    raise WrongUse(f"{of.short_name}没有区县“{name}”，可用：{names}")


def national_book(on: date) -> PolicyBook:
    return law().book(int(Scope.NATION), on)
