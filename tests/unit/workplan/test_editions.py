"""版本比较: a new edition of the same plan, changed as editions are."""

from hpf.workplan.gateways.documents import read_document
from hpf.workplan.rules.document import PlanDocument, outline
from hpf.workplan.rules.editions import Change, ChangeKind, compare
from tests.unit.workplan.plan_2024 import FILE, document

TEXT = FILE.read_text(encoding="utf-8")


def edition(*replaced: tuple[str, str]) -> PlanDocument:
    text = TEXT
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return outline(read_document("新版.md", text.encode()))


def differences(new: PlanDocument) -> list[Change]:
    changes = compare(document(), new)
    assert len([each for each in changes if each.new_anchor]) == len(new.sentences)
    assert len([each for each in changes if each.old_anchor]) == len(document().sentences)
    return [each for each in changes if each.kind is not ChangeKind.SAME]


def test_the_same_edition_and_one_with_other_brackets_and_breaks_is_no_change() -> None:
    assert differences(document()) == []
    assert differences(edition(("（一）扩大", "(一)扩大"), ("促进愿缴能缴，", "促进愿缴\n\n— 3 —\n\n能缴，"))) == []


def test_another_date_is_a_changed_sentence() -> None:
    (change,) = differences(edition(("9月底前完成试点", "10月底前完成试点")))
    assert (change.kind, change.old_anchor, change.new_anchor, change.old_no, change.new_no) == (
        ChangeKind.CHANGED,
        "五(二)",
        "五(二)",
        4,
        4,
    )
    assert "于9月底前" in change.old and "于10月底前" in change.new


def test_a_sentence_added_and_one_removed() -> None:
    removed, added = differences(
        edition(("探索建立纠纷解决机制，多元调解少缴欠缴纠纷。", ""), ("合理确定相关指标。", "合理确定相关指标。每季度通报租房提取进展。"))
    )
    assert (removed.kind, removed.old_anchor, removed.old, removed.new) == (
        ChangeKind.REMOVED,
        "二(三)",
        "探索建立纠纷解决机制，多元调解少缴欠缴纠纷。",
        "",
    )
    assert (added.kind, added.new_anchor, added.old, added.new) == (ChangeKind.ADDED, "三(一)", "", "每季度通报租房提取进展。")


def test_a_clause_put_before_others_moves_them_and_their_words_stay() -> None:
    changes = differences(
        edition(
            ("（二）推行司法查控", "（二）推进电子印章应用。全面启用电子印章。\n\n（三）推行司法查控"),
            ("（三）不断提升服务效能", "（四）不断提升服务效能"),
        )
    )
    assert [(each.kind, each.old_anchor, each.new_anchor) for each in changes] == [
        (ChangeKind.ADDED, "", "四(二)"),
        *[(ChangeKind.MOVED, "四(二)", "四(三)")] * 2,
        *[(ChangeKind.MOVED, "四(三)", "四(四)")] * 4,
    ]


def test_a_sentence_moved_to_another_clause_with_another_date_is_changed_and_not_new() -> None:
    (change,) = differences(
        edition(
            ("2024年6月底前全面实行住房公积金个人证明事项“亮码可办”。", ""),
            (
                "“商转公”“组合贷”等业务跨部门线上协同、全程网办。",
                "“商转公”“组合贷”等业务跨部门线上协同、全程网办。2024年7月底前全面实行住房公积金个人证明事项“亮码可办”。",
            ),
        )
    )
    assert (change.kind, change.old_anchor, change.new_anchor) == (ChangeKind.CHANGED, "四(三)", "四(一)")


def test_another_document_altogether_shares_nothing() -> None:
    other = outline(read_document("b.md", "一、绿化\n植树一千棵。".encode()))
    assert {each.kind for each in compare(document(), other)} == {ChangeKind.REMOVED, ChangeKind.ADDED}
