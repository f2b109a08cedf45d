"""`law/` read and checked: a mistake in a file is named by file and place before anything is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import yaml

from hpf.kernel.money import Money
from hpf.kernel.period import Month, Period
from hpf.kernel.rate import Rate

from .book import Confidence, Parameter, PolicyBook, Scope, Unit
from .documents import Article, Centre, District, JournalTemplate, Note, NoteKind, Source, Subject
from .workdays import WorkdayCalendar

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEMO_CITATION = "演示值"
_SCOPES = {"全国": Scope.NATION, "全省": Scope.PROVINCE}


class LawFileError(ValueError):
    """A file of `law/` says something that cannot be loaded. Names the file and the entry."""


@dataclass(frozen=True)
class LawFiles:
    """Everything that `law/` and the packs beside it say, without a database."""

    sources: tuple[Source, ...]
    parameters: tuple[Parameter, ...]
    names: dict[str, tuple[str, Unit]] = field(repr=False)
    notes: tuple[Note, ...]
    centres: tuple[Centre, ...]
    chart: tuple[Subject, ...]
    journals: tuple[JournalTemplate, ...]
    codes: dict[str, Any] = field(repr=False)
    workdays: WorkdayCalendar = field(repr=False)
    festivals: dict[date, tuple[str, str]] = field(repr=False)
    digest: str

    @classmethod
    def read(cls, folder: Path | str, *packs: Path | str) -> Self:
        """Read `law/`, and packs of further parameters laid out like it (`<pack>/params/*.yaml`, `<pack>/workdays/*.yaml`)."""
        folder = Path(folder)
        centres = tuple(_centres(folder))
        numbers = {centre.code: centre.id for centre in centres}
        parameters = list(_parameters(folder, "law", numbers))
        for pack in packs:
            parameters += _parameters(Path(pack), Path(pack).parent.name or "pack", numbers)
        names = _names([folder, *(Path(pack) for pack in packs)])
        _refuse_two_values(parameters)
        calendar, festivals = _workdays([folder, *(Path(pack) for pack in packs)])
        chart, journals, codes = tuple(_chart(folder)), tuple(_journals(folder)), _codes(folder)
        used = [
            *_uses_of(chart, journals),
            *_uses_of_codes(codes),
            *(("workdays", cited) for _, cited in festivals.values() if cited != DEMO_CITATION),
        ]
        return cls(
            sources=tuple(_sources(folder)),
            parameters=tuple(parameters),
            names=names,
            notes=(*_notes(folder), *sorted({Note(citation, NoteKind.FILE, name) for name, citation in used}, key=str)),
            centres=centres,
            chart=chart,
            journals=journals,
            codes=codes,
            workdays=calendar,
            festivals=festivals,
            digest=_digest([folder, *(Path(pack) for pack in packs)]),
        )

    def centre(self, code: str | int) -> Centre:
        for centre in self.centres:
            if code in (centre.code, centre.id, centre.short_name, centre.name):
                return centre
        raise LookupError(f"没有编号或名称为“{code}”的中心")

    def book(self, centre: str | int, on: date) -> PolicyBook:
        """The book of one centre and one day, as the database would give it."""
        number = centre if isinstance(centre, int) else self.centre(centre).id
        return PolicyBook.of(self.parameters, number, on, {key: label for key, (label, _) in self.names.items()})

    def articles(self) -> Iterator[Article]:
        for source in self.sources:
            yield from source.articles

    def citations(self) -> frozenset[str]:
        """Every citation that may be used: a document as a whole, its articles, an article of one edition."""
        known = {source.id for source in self.sources}
        for article in self.articles():
            known.add(article.citation)
            if article.edition:
                known.add(f"{article.citation}@{article.edition}")
        return frozenset(known)

    def subject(self, code: int) -> Subject:
        for subject in self.chart:
            if subject.code == code:
                return subject
        raise LookupError(f"没有会计科目{code}")


def read_yaml(path: Path) -> Any:
    """One file, with numbers of the law kept as text: a bare 5.10 would become a float and is refused."""
    with path.open(encoding="utf-8") as file:
        content = yaml.load(file, Loader=_Loader)  # noqa: S506 (a safe loader, in C where there is one)
    _refuse_floats(content, path)
    return content


def _refuse_floats(content: Any, path: Path) -> None:
    match content:
        case float():
            raise LawFileError(f"{path}: {content} 须加引号，法定数值按原文文本保存")
        case dict():
            for value in content.values():
                _refuse_floats(value, path)
        case list():
            for value in content:
                _refuse_floats(value, path)


def _sources(folder: Path) -> Iterator[Source]:
    for path in sorted((folder / "sources").glob("*.yaml")):
        content = read_yaml(path)
        for entry in content if isinstance(content, list) else [content]:
            yield _source(entry, path)


def _source(entry: dict[str, Any], path: Path) -> Source:
    where = f"{path.name} {entry.get('id')}"
    confidence = Confidence(_must(entry, "confidence", where))
    editions = {each["name"]: each for each in entry.get("editions", [])}
    articles: list[Article] = []
    for each in entry.get("articles", []):
        for edition in [str(name) for name in each.get("editions", editions or [""])]:
            period = editions.get(edition, {})
            articles.append(
                Article(
                    source=entry["id"],
                    article=str(_must(each, "article", where)),
                    edition=edition,
                    restated=_must(each, "restated", where).strip(),
                    confidence=Confidence(each.get("confidence", confidence)),
                    since=period.get("in_force", entry.get("in_force")),
                    until=period.get("superseded", entry.get("superseded")),
                )
            )
    seen = [(article.article, article.edition) for article in articles]
    if len(seen) != len(set(seen)):
        raise LawFileError(f"{where}: 条文重复")
    return Source(
        id=_must(entry, "id", where),
        number=entry.get("number", ""),
        title=_must(entry, "title", where),
        issuer=_must(entry, "issuer", where),
        signed_on=entry.get("signed"),
        in_force_on=entry.get("in_force"),
        superseded_on=entry.get("superseded"),
        confidence=confidence,
        note=entry.get("note", ""),
        articles=tuple(articles),
    )


def _parameters(folder: Path, pack: str, centres: dict[str, int]) -> Iterator[Parameter]:
    for path in sorted((folder / "params").glob("*.yaml")):
        for entry in read_yaml(path)["parameters"]:
            for value in entry["values"]:
                yield from _values(entry, value, pack, centres, f"{path.name} {entry.get('key')}")


def _names(folders: list[Path]) -> dict[str, tuple[str, Unit]]:
    """Every parameter's name and unit by its key, those without any value included; each key means one thing in all files."""
    names: dict[str, tuple[str, Unit]] = {}
    for path in (path for folder in folders for path in sorted((folder / "params").glob("*.yaml"))):
        for entry in read_yaml(path)["parameters"]:
            where = f"{path.name} {entry.get('key')}"
            name = (_must(entry, "label", where), Unit(_must(entry, "unit", where)))
            if names.setdefault(_must(entry, "key", where), name) != name:
                raise LawFileError(f"{where}: 名称或计量单位与另一处“{names[entry['key']][0]}”不同")
    return names


def _values(entry: dict[str, Any], value: dict[str, Any], pack: str, centres: dict[str, int], where: str) -> Iterator[Parameter]:
    """One line of a file: a value for one scope, or for several centres or districts at once."""
    unit, text = Unit(_must(entry, "unit", where)), _must(value, "value", where)
    _check_value(unit, text, where)
    since, until = _must(value, "since", where), value.get("until")
    if not isinstance(since, date) or (until is not None and not until > since):
        raise LawFileError(f"{where}: 有效期不正确（{since} 至 {until}）")
    scope = str(_must(value, "scope", where))
    for name in [part.strip() for part in scope.split(",")]:
        centre = _SCOPES.get(name, centres.get(name))
        if centre is None:
            raise LawFileError(f"{where}: 不认识的适用范围“{name}”")
        for district in value.get("districts", [None]):
            yield Parameter(
                key=_must(entry, "key", where),
                value=text,
                unit=unit,
                since=since,
                until=until,
                citation=_must(value, "citation", where),
                confidence=Confidence(_must(value, "confidence", where)),
                centre=int(centre),
                district=district,
                label=_must(entry, "label", where),
                note=value.get("note", ""),
                pack=pack,
            )


def _check_value(unit: Unit, text: Any, where: str) -> None:
    if not isinstance(text, str):
        raise LawFileError(f"{where}: 数值{text!r}须加引号")
    try:
        match unit:
            case Unit.YUAN:
                Money.yuan(text)
            case Unit.PERCENT:
                Rate.of(text)
            case Unit.MONTH:
                Month.parse(text)
            case Unit.DATE:
                date.fromisoformat(text)
            case Unit.FLAG:
                if text not in ("true", "false"):
                    raise ValueError(text)
            case Unit.TEXT:
                pass
            case _:
                int(text)
    except ValueError as problem:
        raise LawFileError(f"{where}: “{text}”不是{unit}的值") from problem


def _refuse_two_values(parameters: list[Parameter]) -> None:
    by_place: dict[tuple[str, int, str | None], list[Parameter]] = {}
    for parameter in parameters:
        by_place.setdefault((parameter.key, parameter.centre, parameter.district), []).append(parameter)
    for (key, centre, district), values in by_place.items():
        values.sort(key=lambda each: each.since)
        for earlier, later in pairwise(values):
            if later.since in Period(earlier.since, earlier.until):
                raise LawFileError(f"{key}（范围{centre} {district or ''}）自{later.since}起有两个值")


def _notes(folder: Path) -> Iterator[Note]:
    """`not_modelled.yaml`: articles we do not implement (now), and those that the structure carries out."""
    for entry in read_yaml(folder / "not_modelled.yaml")["articles"]:
        kind = NoteKind.LATER if entry.get("later") else NoteKind.NOT_MODELLED
        for citation in entry["citations"]:
            yield Note(citation, kind, _must(entry, "reason", citation).strip())
    for entry in read_yaml(folder / "by_structure.yaml")["articles"]:
        for citation in entry["citations"]:
            yield Note(citation, NoteKind.STRUCTURE, f"{_must(entry, 'how', citation).strip()}（{'、'.join(entry['where'])}）")


def _uses_of(chart: tuple[Subject, ...], journals: tuple[JournalTemplate, ...]) -> Iterator[tuple[str, str]]:
    for subject in chart:
        yield "chart/chart.yaml", subject.source
    for journal in journals:
        yield f"chart/journals.yaml {journal.code}", journal.source


def _uses_of_codes(codes: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for file, content in codes.items():
        for name, table in [*content.items(), *content.get("tables", {}).items()]:
            if "source" in table:
                yield f"codes/{file}.yaml {name}", table["source"]


def _centres(folder: Path) -> Iterator[Centre]:
    for entry in read_yaml(folder / "centres.yaml")["centres"]:
        yield Centre(
            id=entry["id"],
            code=entry["code"],
            name=entry["name"],
            short_name=entry["short_name"],
            kind=entry["kind"],
            gb2260=entry["gb2260"],
            mohurd_org_code=entry["mohurd_org_code"],
            note=entry.get("note", ""),
            districts=tuple(District(str(code), name, branch) for code, name, branch in (each for each in entry["districts"])),
        )


def _chart(folder: Path) -> Iterator[Subject]:
    codes: set[str] = set()
    for entry in read_yaml(folder / "chart" / "chart.yaml")["subjects"]:
        code = entry["code"]
        parents = [code[:cut] for cut in range(len(code) - 1, 2, -1) if code[:cut] in codes]
        codes.add(code)
        yield Subject(
            code=int(code),
            name=entry["name"],
            level=entry["level"],
            category=entry["class"],
            normal_side={"借": "DEBIT", "贷": "CREDIT"}[entry["side"]],
            parent=int(parents[0]) if parents else None,
            source=entry["source"],
            confidence=Confidence(entry["confidence"]),
            note=entry.get("note", ""),
        )


def _journals(folder: Path) -> Iterator[JournalTemplate]:
    for entry in read_yaml(folder / "chart" / "journals.yaml")["journals"]:
        yield JournalTemplate(
            code=entry["code"],
            event=entry["event"],
            movements=tuple((each.get("case", ""), tuple(each["debit"]), tuple(each["credit"])) for each in entry["movements"]),
            source=entry["source"],
            confidence=Confidence(entry["confidence"]),
            note=entry.get("note", ""),
        )


def _codes(folder: Path) -> dict[str, Any]:
    return {path.stem: read_yaml(path) for path in sorted((folder / "codes").glob("*.yaml"))}


def _workdays(folders: list[Path]) -> tuple[WorkdayCalendar, dict[date, tuple[str, str]]]:
    """The calendar, and for each exceptional day its festival and the notice. A pack fills years that law/ does not have."""
    holidays: set[date] = set()
    makeup: set[date] = set()
    years: set[int] = set()
    festivals: dict[date, tuple[str, str]] = {}
    for path in (path for folder in folders for path in sorted((folder / "workdays").glob("*.yaml"))):
        year = read_yaml(path)
        if year["year"] in years:
            continue
        years.add(year["year"])
        for festival in year["festivals"]:
            for kind, days in (("holidays", holidays), ("makeup_workdays", makeup)):
                for day in festival.get(kind, []):
                    days.add(day)
                    festivals[day] = (festival["name"], year["citation"])
    made_up = frozenset(day.year for day, (_, citation) in festivals.items() if citation == DEMO_CITATION)
    return WorkdayCalendar(frozenset(holidays), frozenset(makeup), frozenset(years), made_up), festivals


def _digest(folders: list[Path]) -> str:
    """Over every file's path and bytes: the same law has the same digest on every machine."""
    content = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            content.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()


def _must(entry: dict[str, Any], name: str, where: str) -> Any:
    if entry.get(name) in (None, ""):
        raise LawFileError(f"{where}: 缺少“{name}”")
    return entry[name]
