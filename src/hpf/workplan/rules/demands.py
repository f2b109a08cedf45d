"""要求: what one sentence of a plan asks for, by when, of whom, citing what, with whom. Words are taken, never invented.

A sentence that asks gives at least one demand; one that only introduces gives one with `asks=False` and the reason. When
neither can be told, `asks` is False and `why_none` empty: that sentence is uncovered and a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from hpf.workplan.rules.deadlines import DeadlineKind, DeadlineRule
from hpf.workplan.rules.document import IMPRINT, NOTICE, PREAMBLE, PlanDocument
from hpf.workplan.rules.times import UNTIL, times_in
from hpf.workplan.rules.wording import one_line

LONGEST_TITLE = 30


@dataclass(frozen=True, slots=True)
class Cited:
    """文件 named in a sentence: its title, and its number where given. Either may be empty."""

    title: str
    number: str = ""

    @property
    def text(self) -> str:
        return (f"《{self.title}》" if self.title else "") + (f"（{self.number}）" if self.number and self.title else self.number)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing asked for. `centres` is None when no centre is named: then it is for all. No `deadlines`: see
    `deadlines.whole_year`. `text` is its part of the sentence; `optional` when the document only allows it (可)."""

    asks: bool
    title: str
    deadlines: tuple[DeadlineRule, ...] = ()
    centres: tuple[int, ...] | None = None
    cites: tuple[Cited, ...] = ()
    bodies: tuple[str, ...] = ()
    quota: str | None = None
    why_none: str = ""
    text: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """A sentence of the document with what was read out of it."""

    anchor: str
    no: int
    text: str
    demands: tuple[Demand, ...]

    @property
    def is_covered(self) -> bool:
        """A demand, or a reason why there is none."""
        return any(demand.asks or demand.why_none for demand in self.demands)


def read_plan(document: PlanDocument, *, year: int, centres: Mapping[str, int] | None = None) -> tuple[SentenceRead, ...]:
    """Every sentence of a document, in order."""
    return tuple(
        SentenceRead(anchor, no, text, read_demands(text, year=year, clause=anchor, centres=centres))
        for anchor, no, text in document.sentences
    )


def read_demands(sentence: str, *, year: int, clause: str = "", centres: Mapping[str, int] | None = None) -> tuple[Demand, ...]:
    """All demands of one sentence, in its order; never empty. `year` is the plan's, for dates that do not name one;
    `centres` are the names of centres (`centre_names`)."""
    sentence = one_line(sentence)
    why_none = _why_none(sentence, clause)
    if why_none or not _asks(sentence):
        return (Demand(False, _title(sentence), cites=_cited(sentence), why_none=why_none, text=sentence),)
    pieces = [part for piece in _outer_split(sentence, "；") for part in _dated_parts(piece, year)]
    found = tuple(_read_piece(piece, year, centres or {}) for piece in pieces)
    named = _centres(sentence, centres or {})
    return tuple(replace(demand, centres=demand.centres or named) for demand in found)


def read_demand(sentence: str, *, year: int, clause: str = "", centres: Mapping[str, int] | None = None) -> Demand:
    """The sentence as one demand with all that it names: for a task that a person makes of it."""
    first, *more = read_demands(sentence, year=year, clause=clause, centres=centres)
    return _read_piece(one_line(sentence), year, centres or {}) if more else first


def centre_names(centres: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Names to look for, from (id, short name, full name): with 州 and without, 省住房资金中心 for the provincial one."""
    names: dict[str, int] = {}
    for centre_id, short, full in centres:
        names |= {short: centre_id, full: centre_id}
        if short.endswith("州") and len(short) > 2:
            names[short[:-1]] = centre_id
        if "省住房资金" in full or "省直" in short:
            names |= dict.fromkeys(("省住房资金管理中心", "省住房资金中心", "省直中心", "省中心"), centre_id)
    return names


# ------------------------------------------------------------------ does it ask?

_NO_TASK = (
    (r"(?:坚持)?以[^。]*(?:为指导|指导下).*", "指导思想和总体要求，具体任务见以下各条"),
    (r"现将.*(?:印发|转发|下发).*", "印发说明，具体任务见所附要点"),
    (r"附件\d*：.*", "附件目录，不是任务"),
    (r"(?:主题词|抄送|抄报|主送)：.*", "发文标识，不是任务"),
    (r".{0,40}\d{4}年\d{1,2}月\d{1,2}日(?:印发)?", "落款和印发日期，不是任务"),
    (r"(?:特此通知|此件公开发布|（此件.*）)[。）]*", "公文用语，不是任务"),
    (r".*：", "主送单位，不是任务"),
)
"""Sentences that are no demand, by their whole wording."""

_VERBS = re.compile(
    "|".join(
        [
            "要",
            "应",
            "须",
            "不得",
            "不准",
            "严禁",
            "禁止",
            "必须",
            "确保",
            "保障",
            "实行",
            "实施",
            "实现",
            "落实",
            "贯彻",
            "执行",
            "遵照",
            "开展",
            "组织",
            "推进",
            "推动",
            "推行",
            "推广",
            "促进",
            "加强",
            "强化",
            "加大",
            "加快",
            "提升",
            "提高",
            "提供",
            "增强",
            "完善",
            "健全",
            "建立",
            "建设",
            "构建",
            "打造",
            "制定",
            "制订",
            "编制",
            "修订",
            "出台",
            "优化",
            "创新",
            "规范",
            "扩大",
            "拓展",
            "拓宽",
            "深化",
            "深入",
            "支持",
            "鼓励",
            "引导",
            "引进",
            "探索",
            "争取",
            "压实",
            "夯实",
            "筑牢",
            "巩固",
            "树牢",
            "防范",
            "化解",
            "整改",
            "治理",
            "整治",
            "排查",
            "摸清",
            "摸排",
            "梳理",
            "清理",
            "理清",
            "核查",
            "监测",
            "报送",
            "上报",
            "报告",
            "报省",
            "备案",
            "上传",
            "投稿",
            "披露",
            "公开",
            "宣传",
            "培训",
            "学习",
            "对标",
            "查找",
            "做好",
            "做到",
            "抓好",
            "用好",
            "发挥",
            "利用",
            "运用",
            "采用",
            "采取",
            "参与",
            "参加",
            "配合",
            "协调",
            "联动",
            "对接",
            "共享",
            "纳入",
            "列入",
            "适度",
            "适当",
            "倾斜",
            "上浮",
            "细化",
            "明确",
            "调整",
            "更新",
            "更换",
            "使用",
            "关注",
            "转载",
            "接待",
            "办理",
            "受理",
            "处理",
            "处置",
            "回应",
            "维护",
            "管理",
            "坚持",
            "聚焦",
            "助力",
            "服务",
            "持续",
            "完成",
            "按时",
            "及时",
            "改进",
            "改造",
            "压降",
            "下降",
            "严控",
            "严格",
            "控制",
            "清收",
            "催收",
            "保持",
            "形成",
            "总结",
            "挖掘",
            "评估",
            "评价",
            "考核",
            "检查",
            "督促",
            "督导",
            "审批",
            "审议",
            "汇报",
            "可引进",
            "力争",
            "达到",
        ]
    )
)


def _why_none(sentence: str, clause: str) -> str:
    for pattern, reason in _NO_TASK:
        if re.fullmatch(pattern, sentence):
            return reason
    if clause == PREAMBLE and sentence.startswith(("为", "根据", "按照")) and not re.search(r"[要应须]|不得", sentence):
        return "制定依据和目的，具体任务见以下各条"
    if clause == IMPRINT or (clause == NOTICE and re.fullmatch(r"[\u4e00-\u9fff]+(?:厅|局|委|委员会|办公室)", sentence)):
        return "发文标识，不是任务"
    return ""


def _asks(sentence: str) -> bool:
    return bool(_VERBS.search(sentence))


# ------------------------------------------------------------------ parts of a sentence

_KEPT_WHOLE = re.compile(r"《[^《》]*》|（[^（）]*）|“[^“”]*”")


def _outer_split(text: str, sign: str) -> list[str]:
    """At `sign`, except inside titles, brackets and quotations."""
    masked = _KEPT_WHOLE.sub(lambda found: "\x00" * len(found[0]), text)
    cuts = [0, *(at + 1 for at, each in enumerate(masked) if each == sign), len(text)]
    return [part for start, end in pairwise(cuts) if (part := text[start:end].strip())]


def _dated_parts(piece: str, year: int) -> Iterator[str]:
    """A part with its own time is its own demand: what stands before the first time belongs to it, unless that is a
    quota that recurs (每月投稿不少于1篇); what follows a time belongs to it."""
    parts = _outer_split(piece, "，")
    dated = [at for at, part in enumerate(parts) if not re.match(UNTIL, part) and any(not rule.assumed for rule in times_in(part, year))]
    if not dated:
        yield piece
        return
    starts = dated[1:]
    if dated[0] and _quota(parts[dated[0]]):
        starts = dated
    bounds = [0, *starts, len(parts)]
    for start, end in pairwise(bounds):
        yield "".join(parts[start:end])


def _read_piece(piece: str, year: int, centres: Mapping[str, int]) -> Demand:
    return Demand(
        asks=True,
        title=_title(piece, year),
        deadlines=times_in(piece, year),
        centres=_centres(piece, centres),
        cites=_cited(piece),
        bodies=_bodies(piece),
        quota=_quota(piece),
        text=piece,
        optional=bool(re.search(r"可(?:引进|结合实际|根据|自行|探索|适当)|有条件的|鼓励", piece)),
    )


# ------------------------------------------------------------------ its title

_LEAD_IN = re.compile(
    r"(?:按照|根据|依据|依照|遵照|参照|围绕|结合|紧扣|聚焦|坚持|对照|针对|通过|以|为了|在)(?!.*(?:开展|制定|完成|办理|推进|建立|落实|支持|宣传|整改)).*"
)


def _title(piece: str, year: int = 0) -> str:
    """The first words that say what to do, at most thirty signs: the dated part where there is one, without lead-ins,
    numbers of documents and who is addressed. Cut with … only where one part alone is longer."""
    text = re.sub(r"（[^（）]*〔\d{4}〕[^（）]*）", "", piece).rstrip("。；，：！")
    parts = [part.rstrip("，") for part in _outer_split(text, "，")]
    times = [times_in(part, year) if year else () for part in parts]
    first = next((at for at, rules in enumerate(times) if any(not rule.assumed for rule in rules)), None)
    if first is None:
        first = next((at for at, rules in enumerate(times) if any(rule.kind is not DeadlineKind.YEARLY for rule in rules)), None)
    if first is None:
        first = next((at for at, part in enumerate(parts) if not _LEAD_IN.fullmatch(part)), 0)
    title = re.sub(r"^.*?(?:各地|各市州|管委会|中心|各单位)(?:要|应|须)(?=\S)", "", parts[first])
    for part in parts[first + 1 :]:
        if (len(title) >= 10 and len(title) + 1 + len(part) > LONGEST_TITLE) or len(title) >= 16:
            break
        title = f"{title}，{part}"
    if len(title) <= LONGEST_TITLE:
        return title
    return _shortened(title)


def _shortened(title: str) -> str:
    """Before 、 or 和 or after a title of a document where that leaves enough, else cut."""
    room = title[: LONGEST_TITLE - 1]
    masked = _KEPT_WHOLE.sub(lambda found: "\x00" * len(found[0]), title)[: LONGEST_TITLE - 1]
    at = max(masked.rfind("、"), masked.rfind("，"))
    return (room[:at] if at >= 15 else room) + "…"


# ------------------------------------------------------------------ what it names

_BODIES = [
    "住房公积金监管司",
    "住房城乡建设部",
    "应急管理部",
    "省高级人民法院",
    "人民法院",
    "中国人民银行",
    "人民银行",
    "受委托银行",
    "担保公司",
    "省住建厅",
    "省厅",
    "国务院",
    "党委政府",
    "管委会",
    "热线运维单位",
    "财政部门",
    "审计部门",
    "社保部门",
    "税务部门",
    "市场监管部门",
    "公安机关",
    "民政部门",
    "公积金中心",
]
_BODY_LIST = re.compile(r"((?:[\u4e00-\u9fff]{2,6}、)+[\u4e00-\u9fff]{2,6})等(?:相关|有关)?(?:部门|单位|机构)")
_NOT_A_DOCUMENT = re.compile(r".*(?:日报|晚报|报|杂志|周刊)")


def _bodies(piece: str) -> tuple[str, ...]:
    """Offices, banks and departments in the order of the sentence, each once; 公安、民政等部门 one by one."""
    found: list[tuple[int, str]] = []
    text = _KEPT_WHOLE.sub(lambda match: "\x00" * len(match[0]), piece)
    for match in _BODY_LIST.finditer(text):
        for name in match[1].split("、"):
            found.append((match.start(), re.sub(r"^.*(?:与|和|同|向|加强|会同|联合)(?=.{2})", "", name)))
    for name in _BODIES:
        at = text.find(name)
        if at >= 0:
            found.append((at, name))
            text = text.replace(name, "\x00" * len(name))
    return tuple(dict.fromkeys(name for _, name in sorted(found, key=lambda each: each[0])))


def _cited(piece: str) -> tuple[Cited, ...]:
    titled = [
        Cited(match[1], match[2] or "")
        for match in re.finditer(r"《([^《》]+)》(?:（([^（）]*〔\d{4}〕[^（）]*号)）)?", piece)
        if not _NOT_A_DOCUMENT.fullmatch(match[1])
    ]
    known = {each.number for each in titled}
    loose = [Cited("", match[0]) for match in re.finditer(r"[\u4e00-\u9fff]{2,8}〔\d{4}〕\d+号", piece) if match[0] not in known]
    return (*titled, *loose)


_QUOTA = re.compile(
    r"(?:不少于|不低于|不高于|不超过|至少|达到|力争|控制在|压降至|降至)[^，。；]{0,6}?\d[\d.,]*(?:[%‰‱]|亿元|万元|个百分点|[篇次件个户人场期条项家])?(?:以上|以下|以内)?"
)


def _quota(piece: str) -> str | None:
    found = _QUOTA.search(piece)
    return found[0] if found else None


def _centres(text: str, centres: Mapping[str, int]) -> tuple[int, ...] | None:
    """Centres named as such: in a list, or before 公积金中心; a place in passing (兰西城市群, 甘肃省) is none."""
    if not centres:
        return None
    name = "|".join(sorted(map(re.escape, centres), key=len, reverse=True))
    listed = rf"(?:{name})(?:市|州)?(?:(?:、|和|及|以及|与)(?:{name})(?:市|州)?)*"
    found: dict[int, None] = {}
    for match in re.finditer(listed, text):
        names = re.findall(name, match[0])
        after = text[match.end() :]
        whole = any(each.endswith("中心") for each in names)
        if whole or len(names) > 1 or re.match(r"(?:等)?.{0,4}(?:住房)?公积金(?:管理)?中心|中心|要|应", after):
            found |= dict.fromkeys(centres[each] for each in names)
    return tuple(sorted(found)) or None
