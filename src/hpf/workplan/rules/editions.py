"""版本比较: what a new edition of a plan changes, sentence by sentence, so that the tasks of the old one can be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from hpf.workplan.rules.document import PlanDocument
from hpf.workplan.rules.wording import bare

ALIKE: Final = 60
"""Per cent of words in common from which a sentence is a changed one; below it one went and another came."""
MOST_PAIRS: Final = 250_000

_Sentence = tuple[str, int, str]


class ChangeKind(StrEnum):
    SAME = "SAME"
    MOVED = "MOVED"
    CHANGED = "CHANGED"
    ADDED = "ADDED"
    REMOVED = "REMOVED"

    @property
    def label(self) -> str:
        return {"SAME": "未变", "MOVED": "移位", "CHANGED": "修改", "ADDED": "新增", "REMOVED": "删去"}[self]


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence in both editions; what is ADDED has no old side, what is REMOVED no new one. Numbers count within a clause."""

    kind: ChangeKind
    old_anchor: str
    new_anchor: str
    old: str
    new: str
    old_no: int = 0
    new_no: int = 0


def compare(old: PlanDocument, new: PlanDocument) -> tuple[Change, ...]:
    """Every sentence of both exactly once: in the order of the new edition, what was removed where it stood.

    Blanks and punctuation are no difference. The same words in another clause are MOVED; another place in the same clause
    is not. Of several candidates a changed sentence goes with the most alike, in its own clause before others.
    """
    before, after = list(old.sentences), list(new.sentences)
    partner = _same_words(before, after)
    partner |= _alike(
        [(at, each) for at, each in enumerate(before) if at not in partner.values()],
        [(at, each) for at, each in enumerate(after) if at not in partner],
    )
    return tuple(_told(before, after, partner))


def _same_words(before: Sequence[_Sentence], after: Sequence[_Sentence]) -> dict[int, int]:
    """Position in the new edition -> position in the old one; first within a clause, then anywhere."""
    partner: dict[int, int] = {}
    for key in (lambda each: (each[0], bare(each[2])), lambda each: bare(each[2])):
        free: dict[object, list[int]] = {}
        for at, each in enumerate(before):
            if at not in partner.values():
                free.setdefault(key(each), []).append(at)
        for at, each in enumerate(after):
            if at not in partner and (places := free.get(key(each))):
                partner[at] = places.pop(0)
    return partner


def _alike(before: Sequence[tuple[int, _Sentence]], after: Sequence[tuple[int, _Sentence]]) -> dict[int, int]:
    """Position in the new edition -> position in the old one. Of very long documents only clause by clause."""
    olds = [(at, each[0], bare(each[2]), Counter(each[2])) for at, each in before]
    anywhere = len(before) * len(after) <= MOST_PAIRS
    scored = []
    for new_at, new in after:
        b, signs = bare(new[2]), Counter(new[2])
        for old_at, old_anchor, a, old_signs in olds:
            if not anywhere and old_anchor != new[0]:
                continue
            if (old_signs & signs).total() * 100 >= ALIKE * (len(a) + len(b)) // 2:
                share = round(SequenceMatcher(None, a, b, autojunk=False).ratio() * 100)
                if share >= ALIKE:
                    scored.append((-share, old_anchor != new[0], new_at, old_at))
    partner: dict[int, int] = {}
    for _, _, new_at, old_at in sorted(scored):
        if new_at not in partner and old_at not in partner.values():
            partner[new_at] = old_at
    return partner


def _told(before: Sequence[_Sentence], after: Sequence[_Sentence], partner: dict[int, int]) -> Iterator[Change]:
    kept = set(partner.values())
    removed_before: dict[int, list[int]] = {}
    place_in_new = {old_at: new_at for new_at, old_at in partner.items()}
    place = 0
    for old_at in range(len(before)):
        if old_at in kept:
            place = max(place, place_in_new[old_at] + 1)
        else:
            removed_before.setdefault(place, []).append(old_at)
    for new_at, (anchor, no, text) in enumerate(after):
        yield from (_removed(before[old_at]) for old_at in removed_before.get(new_at, ()))
        if new_at not in partner:
            yield Change(ChangeKind.ADDED, "", anchor, "", text, 0, no)
            continue
        old_anchor, old_no, old_text = before[partner[new_at]]
        if bare(old_text) != bare(text):
            kind = ChangeKind.CHANGED
        else:
            kind = ChangeKind.SAME if old_anchor == anchor else ChangeKind.MOVED
        yield Change(kind, old_anchor, anchor, old_text, text, old_no, no)
    yield from (_removed(before[old_at]) for old_at in removed_before.get(len(after), ()))


def _removed(sentence: _Sentence) -> Change:
    return Change(ChangeKind.REMOVED, sentence[0], "", sentence[2], "", sentence[1], 0)
