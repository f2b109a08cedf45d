"""Forms of the work plan's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from hpf.web.employer.forms import DayInput, MonthInput, Styled
from hpf.workplan.rules.deadlines import DeadlineKind
from hpf.workplan.rules.evidence import KINDS, LARGEST


class Words(forms.CharField):
    """Some sentences."""

    def __init__(self, *, rows: int = 3, max_length: int = 2000, **named: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
        super().__init__(max_length=max_length, widget=widget, **named)
        self.width = "col-12"


class FileInput(forms.FileField):
    """A file of limited size, with our own Chinese control."""

    def __init__(self, *, accept: str, **named: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept, "class": "form-control"}), **named)
        self.width = "col-12"

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > LARGEST:
            raise forms.ValidationError(f"文件为{file.size / 1048576:.1f}兆字节，超过20兆字节，请压缩或拆分后重新上传。")
        return file


class DocumentForm(Styled):
    """载入要点文件."""

    year = forms.IntegerField(label="要点年度", min_value=2000, max_value=2100, help_text="文件是哪一年的工作要点，例如 2024")
    file = FileInput(
        label="要点文件", accept=".docx,.pdf,.md,.txt",
        help_text="Word文档（.docx）、有文字的PDF或文本（.md、.txt）；同一文件的新版本会自动与旧版对照，已有任务全部保留",
    )  # fmt: skip


class NextPlanForm(Styled):
    """由本年要点生成下一年要点."""

    year = forms.IntegerField(label="新要点年度", min_value=2000, max_value=2100, help_text="未完成的任务结转，日期按年度顺延")


class DaysForm(Styled):
    """提醒与督办的天数."""

    warn_days = forms.IntegerField(label="提前提醒天数", min_value=0, max_value=90, help_text="到期前多少天亮黄灯并提醒责任人")
    director_days = forms.IntegerField(label="逾期报主任天数", min_value=0, max_value=90)
    province_days = forms.IntegerField(label="逾期报省厅天数", min_value=0, max_value=90)


RECURRING = (DeadlineKind.MONTHLY, DeadlineKind.QUARTERLY, DeadlineKind.YEARLY)


class TaskForm(Styled):
    """任务: what is asked, of whom, by when."""

    title = forms.CharField(label="任务名称", max_length=200)
    title.width = "col-12"  # type: ignore[attr-defined]
    demand = Words(label="任务要求", help_text="原文或省厅的具体表述")
    kind = forms.ChoiceField(label="期限", choices=lambda: [(k.value, k.label) for k in DeadlineKind if k is not DeadlineKind.RELATIVE])
    on = DayInput(label="到期日", required=False, help_text="固定日期必填；每月、每季度到期日为期末")
    centres = forms.TypedMultipleChoiceField(
        label="责任中心", required=False, coerce=int, help_text="不勾选即全省十六家中心",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    quota = forms.CharField(label="数量要求", max_length=60, required=False, help_text="例如：每月不少于1篇")

    def __init__(self, *args: Any, centres: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["centres"].choices = centres  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == DeadlineKind.FIXED and not said.get("on"):
            self.add_error("on", "固定日期的任务没有填写到期日，请选择日期。")
        return said


class NoTaskForm(Styled):
    """不设任务的原因."""

    reason = Words(label="不设任务的原因", rows=2, max_length=500, help_text="例如：指导思想，不提出具体工作要求")


class ChangeTaskForm(Styled):
    """修改任务's words; its dates and centres have ways of their own."""

    title = forms.CharField(label="任务名称", max_length=200)
    title.width = "col-12"  # type: ignore[attr-defined]
    demand = Words(label="任务要求")
    quota = forms.CharField(label="数量要求", max_length=60, required=False)


class FigureInput(forms.DecimalField):
    """A figure with up to six decimals, kept exact."""

    def __init__(self, **named: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "form-control num", "autocomplete": "off"})
        super().__init__(max_digits=20, decimal_places=6, widget=widget, **named)


class CentresForm(Styled):
    """调整责任中心."""

    centres = forms.TypedMultipleChoiceField(
        label="责任中心", coerce=int, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="新增的中心从现在起承担全部期次；移出的中心，没有认可的期次撤销，历史保留",
    )  # fmt: skip
    reason = Words(label="调整原因", rows=2, max_length=500)

    def __init__(self, *args: Any, centres: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["centres"].choices = centres  # type: ignore[attr-defined]


class DeadlinesForm(Styled):
    """调整期限规则 of a task in all its centres."""

    kind = forms.ChoiceField(label="期限", choices=lambda: [(k.value, k.label) for k in DeadlineKind if k is not DeadlineKind.RELATIVE])
    on = DayInput(label="到期日", required=False, help_text="固定日期必填；每月、每季度的到期日为期末")
    by_day = forms.IntegerField(label="每期几日前", min_value=1, max_value=31, required=False, help_text="每月、每季度可填，例如每月20日前")
    until = DayInput(label="执行到", required=False, help_text="每月、每季度、每年可填，不填到年底为止")
    reason = Words(label="调整原因", rows=2, max_length=500, help_text="已上报和已认可的期次不变，原期限一直可见")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("kind") == DeadlineKind.FIXED and not said.get("on"):
            self.add_error("on", "固定日期的任务没有填写到期日，请选择日期。")
        return said


class MeasuredForm(Styled):
    """改由平台测量: which figure, which way, which target; the named centres may have targets of their own."""

    code = forms.ChoiceField(label="测量口径")
    operator = forms.ChoiceField(label="目标方向", choices=[("<=", "不高于"), (">=", "不低于"), ("=", "等于")])
    target = FigureInput(label="目标值", required=False, help_text="各中心共同的目标；有自己目标的中心另填")

    def __init__(self, *args: Any, codes: list[tuple[str, str]], centres: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.centres = centres
        self.fields["code"].choices = codes  # type: ignore[attr-defined]
        for number, name in centres:
            self.fields[f"target_{number}"] = FigureInput(label=f"{name}目标值", required=False)

    @property
    def own_targets(self) -> list[tuple[int, str]]:
        """(centre, target as text) of the centres that have their own."""
        given = [(number, self.cleaned_data.get(f"target_{number}")) for number, _ in self.centres]
        return [(number, f"{value:f}") for number, value in given if value is not None]


class PersonForm(Styled):
    """Whose it is: a section and a person of it."""

    section = forms.CharField(label="责任科室", max_length=60, widget=forms.TextInput(attrs={"list": "sections", "autocomplete": "off"}))
    person = forms.ChoiceField(label="责任人", required=False)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.people = dict(people)
        self.fields["person"].choices = [("", "暂不指定"), *people]  # type: ignore[attr-defined]

    @property
    def who(self) -> dict[str, str]:
        """section, person_id and person_name as the commands take them."""
        chosen = self.cleaned_data["person"]
        name = self.people.get(chosen, "").partition("（")[0]
        return {"section": self.cleaned_data["section"], "person_id": chosen, "person_name": name if chosen else ""}


class BreakDownForm(PersonForm):
    """分解."""

    measure_text = Words(label="具体措施", help_text="本中心怎样完成这项任务")


class StepForm(PersonForm):
    """措施: one step of the centre's own."""

    title = forms.CharField(label="措施", max_length=300)
    title.width = "col-12"  # type: ignore[attr-defined]
    starts_on = DayInput(label="起始日期", required=False)
    due_on = DayInput(label="完成时限", required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["section"].required = False


class SectionForm(Styled):
    """科室人员: who of the centre belongs to a section, and who of them heads it."""

    section = forms.CharField(label="科室名称", max_length=60)
    members = forms.MultipleChoiceField(
        label="科室人员", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    )
    heads = forms.MultipleChoiceField(
        label="科室负责人", required=False, help_text="负责人可以分解和分派本科室的任务",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        choices = [(number, f"{name}（{roles}）" if roles else name) for number, name, roles in people]
        for name in ("members", "heads"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if set(said.get("heads", ())) - set(said.get("members", ())):
            self.add_error("heads", "负责人不在科室人员之内，请同时勾选为科室人员，或取消负责人。")
        return said


EVIDENCE_KINDS = ",".join(f".{kind}" for kind in KINDS)


class EvidenceForm(Styled):
    """上传佐证."""

    measure = forms.TypedChoiceField(label="对应措施", required=False, coerce=int, empty_value=None)
    file = FileInput(label="佐证材料", accept=EVIDENCE_KINDS, help_text="文件、照片、截图；原样留存并计算摘要，认可后不能更换")

    def __init__(self, *args: Any, measures: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["measure"].choices = [("", "整项任务"), *measures]  # type: ignore[attr-defined]
        if not measures:
            del self.fields["measure"]


class WordsForm(Styled):
    """One text: words on completion, a reason, a question, an answer, a comment."""

    text = Words(label="内容")

    def __init__(self, *args: Any, label: str = "内容", hint: str = "", required: bool = True, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["text"].label, self.fields["text"].help_text, self.fields["text"].required = label, hint, required


class MoveForm(Styled):
    """调整期限."""

    to_on = DayInput(label="调整后的到期日")
    reason = Words(label="调整原因", rows=2, help_text="原到期日和原因一直可见")


class EventForm(Styled):
    """登记触发事项: from the day of the event the deadline is counted."""

    event_on = DayInput(label="事项发生日期")
    what = forms.CharField(label="事项", max_length=200, help_text="例如：管委会审议缴存使用政策调整方案")


class ReadingForm(Styled):
    """填报月度数值."""

    month = MonthInput(label="年月")
    value = FigureInput(label="数值")
    evidence = forms.TypedChoiceField(label="数值依据", coerce=int, help_text="先在本中心的任务页上传依据文件，再在此选择")
    note = Words(label="说明", rows=2, required=False, help_text="数据来源、变化原因")

    def __init__(self, *args: Any, files: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["evidence"].choices = files  # type: ignore[attr-defined]


class MonthForm(Styled):
    """月报."""

    month = MonthInput(label="报告年月")


class SheetForm(Styled):
    """导入台账表格."""

    file = FileInput(
        label="台账表格", accept=".xlsx", help_text="中心现有的台账（.xlsx），合并单元格和文字日期可以识别；先试导入，看清每一行再正式导入"
    )
