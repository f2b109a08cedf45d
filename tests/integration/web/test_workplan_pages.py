"""The work plan's pages: what each audience sees and may do, what is refused beside which field, and how many queries it takes."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "Lanzhou#2026"
WP24 = Path(__file__).resolve().parents[3] / "demo" / "workplan" / "甘建金〔2024〕26号.md"
LANZHOU, JIAYUGUAN = 1, 2
PDF = b"%PDF-1.7 made up"
MAY_BE_LATIN = {"OpenHPF", "xlsx", "csv", "docx", "pdf", "txt", "PDF", "WORD", "clerk", "director", "auditor", "office", "province", "head"}
PAGES = [
    "/workplan/", "/workplan/week/", "/workplan/calendar/", "/workplan/calendar/?month=2026-09", "/workplan/standing/", "/workplan/standing/?by=section",
    "/workplan/standing/?by=person", "/workplan/standing/?by=due", "/workplan/ranking/", "/workplan/targets/", "/workplan/notices/", "/workplan/plans/",
    "/workplan/plans/{plan}/", "/workplan/tasks/{task}/", "/workplan/tasks/{task}/1/", "/workplan/tasks/{monthly}/1/", "/workplan/exchange/",
    "/workplan/sections/", "/workplan/?light=R&part=二", "/workplan/?due=2026-12-31&section=归集管理科",
]  # fmt: skip
PROVINCE_PAGES = [
    "/workplan/plans/new/", "/workplan/plans/{plan}/next/", "/workplan/plans/{plan}/days/", "/workplan/plans/{plan}/end/", "/workplan/plans/{plan}/tasks/new/",
    "/workplan/plans/{plan}/sentences/{sentence}/task/", "/workplan/plans/{plan}/sentences/{sentence}/none/", "/workplan/tasks/{task}/2/",
    "/workplan/standing/?by=centre",
]  # fmt: skip


class Ledger:
    """The plan of the year in sixteen centres, a section in Lanzhou, and browsers of everybody it concerns."""

    def __init__(self, world: Any) -> None:
        from hpf.access import queries, services
        from hpf.access.services.appointments import NewUser
        from hpf.kernel.actor import Actor
        from hpf.workplan import services as workplan

        self.world = world
        at = datetime.now(UTC)
        office = (NewUser("office", "省厅office", "SUPERVISOR", "PLAN_OFFICE", second_factor_secret=SECRET),)
        services.register_users(by=Actor.system(0), centre_id=0, users=office, password=PASSWORD, at=at, key="office")
        head = (NewUser("head", "某head", "STAFF", "SECTION_HEAD", second_factor_secret=SECRET),)
        services.register_users(by=Actor.system(LANZHOU), centre_id=LANZHOU, users=head, password=PASSWORD, at=at, key="head")
        self.text = WP24.read_text(encoding="utf-8").replace("2023", "2025").replace("2024", "2026")
        self.by = Actor.system(0, "测试")
        loaded = workplan.load_plan(
            by=self.by, centre_id=0, filename="2026年工作要点.md", content=self.text.encode(), year=2026, at=at, key="load"
        )
        self.plan = loaded.value.plan_id
        self.people = {login: str(queries.user_id_of(login)) for login in ("head", "clerk", "director", "office")}
        members = (workplan.Member(self.people["head"], "某head", True), workplan.Member(self.people["clerk"], "某clerk"))
        workplan.seat_section(by=Actor.system(LANZHOU), centre_id=LANZHOU, section="归集管理科", members=members, at=at, key="seat")
        self.browsers: dict[str, Any] = {}
        rows = self.wall().rows
        self.task, self.monthly = rows[0].task_id, next(row.task_id for row in rows if "每月" in row.deadline_text)
        self.sentence = self.document()[0].sentences[0].sentence_id

    def as_(self, login: str) -> Any:
        if login not in self.browsers:
            self.browsers[login] = self.world.browser(login)
        return self.browsers[login]

    def document(self) -> Any:
        from hpf.workplan.queries import plans

        return [clause for clause in plans.document_side_by_side(self.plan) if clause.sentences]

    def wall(self) -> Any:
        from hpf.workplan.queries.wall import wall

        return wall(self.plan, date(2026, 8, 3))

    def at(self, page: str) -> str:
        return page.format(plan=self.plan, task=self.task, monthly=self.monthly, sentence=self.sentence)

    def lines(self, task_id: int, centre: int = LANZHOU) -> Any:
        from hpf.workplan.queries import tasks

        return tasks.occurrence_page(tasks.Wanted(task_id=task_id, centre_ids=(centre,)), date(2026, 8, 3), centre_id=centre).lines

    def assignment(self, task_id: int, centre: int = LANZHOU) -> Any:
        from hpf.workplan.queries import tasks

        return tasks.assignments(date(2026, 8, 3), centre_id=centre, task_id=task_id)[0]


@pytest.fixture(scope="module")
def book(world: Any) -> Ledger:
    return Ledger(world)


_keys = iter(range(10**6))


def send(client: Any, address: str, **fields: Any) -> Any:
    return client.post(
        address, {"key": f"k{next(_keys)}", **{name.replace("__", "-"): value for name, value in fields.items()}}, follow=True
    )


def text_of(response: Any) -> str:
    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def upload(name: str = "通报.pdf", content: bytes = PDF) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("login", "page"),
    [*((login, page) for login in ("office", "director", "clerk", "head", "auditor", "province") for page in PAGES), *(("office", p) for p in PROVINCE_PAGES)],
)  # fmt: skip
def test_the_page_opens_in_chinese_with_names_for_every_control(book: Ledger, login: str, page: str) -> None:
    response = book.as_(login).get(book.at(page), follow=True)
    assert response.status_code == 200, page
    content = response.content.decode()
    shown = set(re.findall(r"(?<![\w.*/_-])[A-Za-z_]{3,}(?![\w./@-])", text_of(response)))
    assert shown <= MAY_BE_LATIN, f"English on {page}: {shown - MAY_BE_LATIN}"
    assert not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", content)
    labelled = set(re.findall(r'<label[^>]*\sfor="([^"]+)"', content))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", content):
        if not any(said in tag for said in ('type="hidden"', 'type="checkbox"', "aria-label=")):
            found = re.search(r'\sid="([^"]+)"', tag)
            assert found and found[1] in labelled, f"no label for {tag}"
    ids = re.findall(r'\sid="([^"]+)"', content)
    assert sorted(ids) == sorted(set(ids)), [each for each in set(ids) if ids.count(each) > 1]


def test_strangers_sign_in_first_and_other_audiences_are_refused(book: Ledger) -> None:
    from django.test import Client

    assert "/sign-in/" in Client().get("/workplan/")["Location"]
    for login in ("operator", book.world.zhang_login, "system"):
        assert book.as_(login).get("/workplan/").status_code == 403


def test_any_point_of_the_document_is_two_clicks_away(book: Ledger) -> None:
    """要点文件, then the line of the contents: every clause has its anchor, every demand its task beside it."""
    first = book.as_("clerk").get("/workplan/plans/").content.decode()
    assert f'href="/workplan/plans/{book.plan}/"' in first
    page = book.as_("clerk").get(f"/workplan/plans/{book.plan}/").content.decode()
    for clause in book.document():
        anchor = "c-" + clause.anchor.replace("(", "-").replace(")", "")
        assert f'href="#{anchor}"' in page and f'id="{anchor}"' in page, clause.anchor
        for sentence in clause.sentences:
            assert html.escape(sentence.text).replace("&#x27;", "'") in page.replace("&#x27;", "'")
            assert all(f"/workplan/tasks/{mark.task_id}/" in page for mark in sentence.tasks)


def test_the_wall_of_a_centre_has_its_own_column_only(book: Ledger) -> None:
    page = book.as_("clerk").get("/workplan/").content.decode()
    assert set(re.findall(r"/workplan/tasks/\d+/(\d+)/", page)) == {"1"}
    whole = book.as_("office").get("/workplan/").content.decode()
    assert set(re.findall(r"/workplan/tasks/\d+/(\d+)/", whole)) == {str(number) for number in range(1, 17)}
    signs = {"r": "逾", "y": "办", "g": "✓", "n": "·"}
    cells = re.findall(r'<td class="(\w)"><a [^>]*>(.)</a>', whole)
    assert cells and all(signs[css] == sign for css, sign in cells)


def test_a_cell_counts_what_the_ledger_says(book: Ledger) -> None:
    whole = book.as_("office").get("/workplan/").content.decode()
    found = book.wall()
    assert len(re.findall(r'<td class="r">', whole)) == found.count("R") > 0
    assert len(re.findall(r'<td class="n">', whole)) == found.count("-")


def test_what_people_typed_stays_text_on_the_wall(book: Ledger) -> None:
    office = book.as_("office")
    send(
        office, f"/workplan/plans/{book.plan}/sentences/{book.sentence}/task/", title="<b>送@省</b>&", demand="报送", kind="FIXED", on="2026-09-30",
        centres=["1"], quota="",
    )  # fmt: skip
    page = office.get('/workplan/wall/?section="><i>').content.decode()
    assert "<i>" not in page.split("</form>")[1] and 'value="&quot;&gt;&lt;i&gt;"' in page
    row = next(row for row in book.wall().rows if "送@省" in row.title)
    whole = office.get("/workplan/wall/").content.decode()
    assert f'<a href="/workplan/tasks/{row.task_id}/"><b>{row.task_no}</b>&lt;b&gt;送@省&lt;/b&gt;&amp;</a>' in whole
    assert f'href="/workplan/tasks/{row.task_id}/1/"' in whole and "/workplan/tasks/@" not in whole


def test_a_clause_is_spoken_of_as_people_do(book: Ledger) -> None:
    from hpf.web.templatetags.workplan import clause

    assert [clause(anchor) for anchor in ("通知", "总", "总-2", "五(二)1")] == ["印发通知", "开头部分", "开头部分", "第五(二)1条"]
    assert "依据 印发通知" in text_of(book.as_("clerk").get(f"/workplan/tasks/{book.task}/1/"))


def test_what_people_typed_stays_text_in_the_history(book: Ledger) -> None:
    from datetime import UTC, datetime

    from hpf.web.workplan.lines import past
    from hpf.workplan.queries.history import EventView
    from hpf.workplan.rules.states import EventKind

    typed = '<b>张</b>&"三"'
    event = EventView(
        1,
        1,
        1,
        None,
        None,
        EventKind.COMMENTED,
        datetime(2024, 5, 1, 20, 30, tzinfo=UTC),
        typed,
        typed,
        {"title": typed},
        {"title": "新<名>"},
    )
    shown = past([event], {1: "兰<州"})
    assert shown.count(html.escape(typed)) == 3 and "<b>张" not in shown
    assert "<del>" in shown and "<ins>新&lt;名&gt;</ins>" in shown and ">兰&lt;州</span>" in shown and "2024-05-02 04:30" in shown
    assert past([]) == '<ul class="history"><li class="quiet">还没有记录</li></ul>'


def test_a_measure_is_done_and_taken_up_again_from_its_list(book: Ledger) -> None:
    from hpf.workplan.queries import tasks

    office, head, clerk = (book.as_(login) for login in ("office", "head", "clerk"))
    made = send(
        office, f"/workplan/plans/{book.plan}/sentences/{book.sentence}/task/", title="逐项落实", demand="逐项落实", kind="FIXED", on="2026-09-30",
        centres=["1"], quota="",
    )  # fmt: skip
    task_id = int(re.search(r"/workplan/tasks/(\d+)/", made.redirect_chain[-1][0])[1])  # type: ignore[index]
    page, assignment, version = f"/workplan/tasks/{task_id}/1/", book.assignment(task_id).assignment_id, book.assignment(task_id).version
    given = {"breakdown__measure_text": "逐条分解", "breakdown__section": "归集管理科", "breakdown__person": book.people["clerk"]}
    send(head, f"/workplan/centre/1/assignments/{assignment}/breakdown/", version=version, **given)
    for title in ("列出<清单>", "上门核对"):
        added = send(
            head,
            f"/workplan/centre/1/assignments/{assignment}/step/",
            step__title=title,
            step__section="归集管理科",
            step__due_on="2026-09-10",
        )
        assert "措施已增加" in text_of(added)

    def buttons(client: Any) -> list[tuple[str, str]]:
        found = re.findall(r'value="(\w+)" formaction="([^"]+)"', client.get(page).content.decode())
        return [(state, html.unescape(address)) for state, address in found]

    def states() -> list[str]:
        return [str(step.state) for step in tasks.centre_measures(assignment, centre_id=LANZHOU)]

    shown = buttons(clerk)
    assert [state for state, _ in shown] == ["DONE", "DROPPED", "DONE", "DROPPED"] and buttons(book.as_("auditor")) == []
    assert "列出<清单> 归集管理科 2026-09-10前" in text_of(clerk.get(page)) and "<清单>" not in clerk.get(page).content.decode()
    key = {"key": "one-form", "back": page}
    assert "措施已完成" in text_of(clerk.post(shown[0][1], {**key, "state": "DONE"}, follow=True))
    assert "措施已取消" in text_of(clerk.post(shown[3][1], {**key, "state": "DROPPED"}, follow=True))
    assert states() == ["DONE", "DROPPED"]
    assert [state for state, _ in buttons(clerk)] == ["OPEN", "OPEN"]
    send(clerk, shown[1][1], state="DROPPED")
    assert states() == ["DONE", "DROPPED"], "what was seen before is not acted on"
    send(clerk, buttons(clerk)[0][1], state="OPEN")
    assert states() == ["OPEN", "DROPPED"]


def test_from_a_sentence_to_an_accepted_report(book: Ledger) -> None:
    office, head, clerk, director = (book.as_(login) for login in ("office", "head", "clerk", "director"))
    made = send(
        office, f"/workplan/plans/{book.plan}/sentences/{book.sentence}/task/", title="报送台账", demand="建立台账并报送", kind="FIXED", on="2026-09-30",
        centres=["1", "2"], quota="",
    )  # fmt: skip
    assert "号任务，交办2家中心、2个期次" in text_of(made)
    task_id = int(re.search(r"/workplan/tasks/(\d+)/", made.redirect_chain[-1][0])[1])  # type: ignore[index]
    page, assignment = f"/workplan/tasks/{task_id}/1/", book.assignment(task_id)
    act = f"/workplan/centre/1/assignments/{assignment.assignment_id}"
    given = {"breakdown__measure_text": "逐条分解", "breakdown__section": "归集管理科", "breakdown__person": book.people["clerk"]}
    assert "分解已保存" in text_of(send(head, f"{act}/breakdown/", version=assignment.version, **given))
    assert "措施已增加" in text_of(
        send(head, f"{act}/step/", step__title="列出清单", step__section="归集管理科", step__due_on="2026-09-10")
    )
    assert "分解已确认" in text_of(send(director, f"{act}/confirm/"))

    (line,) = book.lines(task_id)
    move = f"/workplan/centre/1/occurrences/{line.occurrence_id}"
    early = send(clerk, f"{move}/finish/", version=line.version, finish__text="已办")
    assert "还没有佐证材料" in text_of(early)
    assert "佐证已留存" in text_of(send(clerk, f"{move}/evidence/", version=line.version, evidence__file=upload()))
    assert "已办结" in text_of(send(clerk, f"{move}/finish/", version=book.lines(task_id)[0].version, finish__text="台账已建立"))
    week = director.get("/workplan/week/")
    assert "待上报" in text_of(week) and f'value="{line.occurrence_id}"' in week.content.decode()
    assert "已上报1项" in text_of(send(director, "/workplan/report/", occurrence=[line.occurrence_id]))
    assert "报送台账" in text_of(office.get("/workplan/week/"))
    back = send(office, f"{move}/return/", version=book.lines(task_id)[0].version, return__text="缺少清单")
    assert "已退回" in text_of(back) and "缺少清单" in text_of(director.get(page))
    send(clerk, f"{move}/evidence/", version=1, evidence__file=upload("清单.pdf", PDF + b"2"))
    send(clerk, f"{move}/finish/", version=book.lines(task_id)[0].version, finish__text="清单已补")
    send(director, "/workplan/report/", occurrence=[line.occurrence_id])
    send(office, f"{move}/ask/", version=book.lines(task_id)[0].version, ask__text="清单共多少条？")
    assert "清单共多少条" in text_of(clerk.get(page))
    send(clerk, f"{move}/answer/", version=book.lines(task_id)[0].version, answer__text="共十二条")
    assert "已认可" in text_of(send(office, f"{move}/accept/", version=book.lines(task_id)[0].version, accept__text="符合要求"))

    history = text_of(director.get(page))
    for step in (
        "建立任务",
        "分解",
        "主任确认分解",
        "增加措施",
        "上传佐证",
        "科室办结",
        "上报省厅",
        "省厅退回",
        "省厅询问",
        "中心答复",
        "省厅认可",
    ):
        assert step in history, step
    sealed = send(clerk, f"{move}/evidence/", version=99, evidence__file=upload("替换.pdf", PDF + b"3"))
    assert "佐证已封存" in text_of(sealed) and "替换.pdf" not in text_of(clerk.get(page))
    kept = re.search(r"/workplan/centre/1/evidence/(\d+)/", clerk.get(page).content.decode())
    assert kept and clerk.get(kept[0]).content == PDF


def test_who_comes_second_sees_both_texts_and_loses_nothing(book: Ledger) -> None:
    director, head = book.as_("director"), book.as_("head")
    assignment = book.assignment(book.task)
    act = f"/workplan/centre/1/assignments/{assignment.assignment_id}/breakdown/"
    send(
        head, act, version=assignment.version, breakdown__measure_text="科长写的措施", breakdown__section="归集管理科", breakdown__person=""
    )
    late = send(
        director,
        act,
        version=assignment.version,
        breakdown__measure_text="主任写的措施",
        breakdown__section="归集管理科",
        breakdown__person="",
    )
    said = text_of(late)
    assert "已由某head于" in said and "科长写的措施" in said and "主任写的措施" in said
    assert book.assignment(book.task).measure_text == "科长写的措施"
    assert f'name="version" value="{book.assignment(book.task).version}"' in late.content.decode()


def test_a_form_comes_when_it_is_opened_on_the_version_that_was_seen(book: Ledger) -> None:
    head = book.as_("head")
    assignment, line = book.assignment(book.task), book.lines(book.task)[0]
    page = f"/workplan/tasks/{book.task}/1/"
    forms = {
        f"/workplan/centre/1/assignments/{assignment.assignment_id}/step/": assignment.version,
        f"/workplan/centre/1/occurrences/{line.occurrence_id}/finish/": line.version,
    }
    shown = head.get(page).content.decode()
    for act, version in forms.items():
        assert f'hx-get="{act}?version={version}"' in shown and f'action="{act}"' not in shown
        alone = head.get(f"{act}?version={version}", headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in alone and f'action="{act}"' in alone and f'name="version" value="{version}"' in alone
        whole = head.get(act).content.decode()
        assert "<html" in whole and f'href="{page}"' in whole and f'name="version" value="{version}"' in whole
        assert 'name="version" value="7"' in head.get(f"{act}?version=7").content.decode()
    assert 'id="act-evidence" open' in shown and 'type="file"' in shown
    assert book.as_("auditor").get(next(iter(forms))).status_code == 403
    assert head.get(f"/workplan/centre/1/assignments/{assignment.assignment_id}/confirm/").status_code == 404


def test_the_whole_history_of_a_task_can_be_read_page_by_page(book: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from hpf.web.workplan import past

    clerk, office = book.as_("clerk"), book.as_("office")
    line = book.lines(book.monthly)[0]
    for number in range(4):
        send(clerk, f"/workplan/centre/1/occurrences/{line.occurrence_id}/comment/", comment__text=f"第{number}次核对")
    monkeypatch.setattr(past, "SIZE", 3)
    monkeypatch.setattr("hpf.web.workplan.centre.SHOWN", 2)
    monkeypatch.setattr("hpf.web.workplan.tasks.SHOWN", 2)
    for browser, page in ((clerk, f"/workplan/tasks/{book.monthly}/1/"), (office, f"/workplan/tasks/{book.monthly}/")):
        shown = browser.get(page).content.decode()
        assert "第3次核对" in shown and "第1次核对" not in shown and f'href="{page}history/"' in shown and "更早的" in shown
        first, second = (text_of(browser.get(f"{page}history/?page={number}")) for number in (1, 2))
        assert "第1次核对" in first and "第0次核对" not in first and "第0次核对" in second
        assert browser.get(f"{page}history/?page=99").status_code == 404
    assert clerk.get(f"/workplan/tasks/{book.monthly}/history/").status_code == 404
    assert clerk.get(f"/workplan/tasks/{book.monthly}/2/history/").status_code == 403
    assert office.get("/workplan/tasks/999999/history/").status_code == 404


def test_a_centre_does_not_reach_another_and_that_is_kept(book: Ledger) -> None:
    from hpf.access.queries import audit

    clerk, director = book.as_("clerk"), book.as_("director")
    foreign = book.lines(book.task, JIAYUGUAN)[0]
    assert clerk.get(f"/workplan/tasks/{book.task}/2/").status_code == 403
    assert send(director, f"/workplan/centre/2/occurrences/{foreign.occurrence_id}/comment/", comment__text="越界").status_code == 403
    said = text_of(send(director, "/workplan/report/", occurrence=[foreign.occurrence_id]))
    assert "不属于本中心" in said and book.lines(book.task, JIAYUGUAN)[0].state == foreign.state
    with book.world.centre.scope():
        refused = [line.subject for line in audit(LANZHOU, kind="REFUSED")[0]]
    assert f"/workplan/tasks/{book.task}/2/" in refused and any("不属于本中心" in subject for subject in refused)


@pytest.mark.parametrize(
    ("login", "what"),
    [("clerk", "accept"), ("director", "accept"), ("head", "reopen"), ("province", "accept"), ("province", "comment"), ("auditor", "comment"), ("clerk", "move")],
)  # fmt: skip
def test_acts_of_others_are_refused(book: Ledger, login: str, what: str) -> None:
    line = book.lines(book.monthly)[0]
    answer = send(book.as_(login), f"/workplan/centre/1/occurrences/{line.occurrence_id}/{what}/", version=line.version)
    assert answer.status_code == 403
    assert book.lines(book.monthly)[0] == line


def test_only_directors_report_and_only_the_province_loads(book: Ledger) -> None:
    assert send(book.as_("clerk"), "/workplan/report/", occurrence=["1"]).status_code == 403
    assert send(book.as_("office"), "/workplan/report/", occurrence=["1"]).status_code == 403
    for login in ("director", "province"):
        assert book.as_(login).get("/workplan/plans/new/").status_code == 403
        assert book.as_(login).get(f"/workplan/plans/{book.plan}/sentences/{book.sentence}/task/").status_code == 403


def test_the_province_moves_a_deadline_with_a_reason_that_stays(book: Ledger) -> None:
    office, line = book.as_("office"), book.lines(book.monthly)[-1]
    act = f"/workplan/centre/1/occurrences/{line.occurrence_id}/move/"
    assert "invalid-feedback" in send(office, act, version=line.version, move__to_on="2027-01-15").content.decode()
    assert book.lines(book.monthly)[-1] == line
    assert "期限已调整" in text_of(send(office, act, version=line.version, move__to_on="2027-01-15", move__reason="年末集中结算"))
    page = text_of(book.as_("clerk").get(f"/workplan/tasks/{book.monthly}/1/?o={line.occurrence_id}"))
    assert "年末集中结算" in page and f"{line.due_on}" in page and "2027-01-15" in page


def test_a_document_is_loaded_read_again_politely_and_in_a_new_edition(book: Ledger) -> None:
    office = book.as_("office")
    again = send(office, "/workplan/plans/new/", year="2026", file=upload("又一次.md", book.text.encode()))
    assert "内容完全相同，未重复载入" in text_of(again)
    assert "invalid-feedback" in send(office, "/workplan/plans/new/", year="2026", file=upload("表.xlsx", b"PK\x03\x04")).content.decode()
    changed = book.text.replace("每月向省住建厅网站市州动态投稿不少于1篇", "每月向省住建厅网站市州动态投稿不少于2篇")
    loaded = text_of(send(office, "/workplan/plans/new/", year="2026", file=upload("修订.md", changed.encode())))
    assert "第2版" in loaded and "沿用" in loaded
    differs = text_of(office.get(f"/workplan/plans/{book.plan}/differences/"))
    assert "不少于1篇" in differs and "不少于2篇" in differs


def test_a_sentence_without_a_task_needs_a_reason(book: Ledger) -> None:
    office = book.as_("office")
    open_one = next(s for c in book.document() for s in c.sentences if not s.tasks)
    address = f"/workplan/plans/{book.plan}/sentences/{open_one.sentence_id}/none/"
    assert "invalid-feedback" in send(office, address, reason="").content.decode()
    assert "已标为不设任务" in text_of(send(office, address, reason="背景说明"))
    assert "背景说明" in text_of(office.get(f"/workplan/plans/{book.plan}/"))
    with_task = next(s for c in book.document() for s in c.sentences if any(mark.is_active for mark in s.tasks))
    assert "已有任务" in text_of(send(office, f"/workplan/plans/{book.plan}/sentences/{with_task.sentence_id}/none/", reason="不要了"))


def test_an_entered_figure_is_signed_by_a_second_person(book: Ledger) -> None:
    office, head, director = book.as_("office"), book.as_("head"), book.as_("director")
    row = next(row for row in book.wall().rows if "逾期率" in row.title or ("逾期" in row.title and row.lights.count(" ") == 10))
    from hpf.workplan.queries import tasks

    version = tasks.task(row.task_id).version
    measured = send(
        office, f"/workplan/tasks/{row.task_id}/measured/", version=version, measured__code="overdue_rate", measured__operator="<=", measured__target="0.2",
    )  # fmt: skip
    assert "已改由平台测量" in text_of(measured)
    assignment = book.assignment(row.task_id)
    send(
        head, f"/workplan/centre/1/assignments/{assignment.assignment_id}/breakdown/", version=assignment.version, breakdown__measure_text="逐户催收",
        breakdown__section="归集管理科", breakdown__person=book.people["head"],
    )  # fmt: skip
    line = book.lines(row.task_id)[0]
    send(
        head,
        f"/workplan/centre/1/occurrences/{line.occurrence_id}/evidence/",
        version=line.version,
        evidence__file=upload("月报.pdf", PDF + b"9"),
    )
    page = head.get(f"/workplan/targets/{row.task_id}/")
    file_id = re.search(r'<option value="(\d+)">月报.pdf', page.content.decode())
    assert file_id
    given = {"reading__month": "2026-07", "reading__value": "0.15", "reading__evidence": file_id[1]}
    assert "待另一人签认" in text_of(send(head, f"/workplan/targets/{row.task_id}/enter/", **given))
    waiting = director.get(f"/workplan/targets/{row.task_id}/").content.decode()
    reading = re.search(r"/workplan/targets/1/(\d+)/", waiting)
    assert reading
    assert send(head, reading[0], task=row.task_id, what="sign").status_code == 403
    assert "数值已签认" in text_of(send(director, reading[0], task=row.task_id, what="sign"))
    board = text_of(office.get(f"/workplan/targets/{row.task_id}/"))
    assert "0.15" in board and "达标" in board and "贷款业务" in board
    every = text_of(office.get("/workplan/targets/"))
    assert "兰州 0.15 ‰ （7月） 目标不高于 0.2" in every and "天水 没有数值 目标不高于 0.2" in every


def test_reports_and_sheets_are_files(book: Ledger) -> None:
    for login, query in (("office", ""), ("office", "&centre=1"), ("director", "")):
        client = book.as_(login)
        assert client.get(f"/workplan/exchange/report.docx?month=2026-07{query}").content[:2] == b"PK"
        assert client.get(f"/workplan/exchange/ledger.xlsx?{query}").content[:2] == b"PK"
    assert book.as_("head").get("/workplan/exchange/ledger.xlsx").status_code == 403
    assert book.as_("office").get("/workplan/exchange/report.exe?month=2026-07").status_code == 404


@pytest.mark.parametrize(
    ("login", "page"),
    [("office", "/workplan/"), ("clerk", "/workplan/"), ("office", "/workplan/plans/{plan}/"), ("office", "/workplan/week/"), ("director", "/workplan/week/"),
     ("office", "/workplan/standing/?by=due"), ("office", "/workplan/calendar/"), ("office", "/workplan/ranking/"), ("office", "/workplan/tasks/{task}/")],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_tasks(book: Ledger, login: str, page: str, django_assert_same: Any) -> None:
    django_assert_same(book, login, book.at(page))


@pytest.fixture(scope="module")
def django_assert_same(book: Ledger) -> Any:
    """Counts the queries of a page on both connections, with the plan as it is and with forty tasks more."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    before: dict[tuple[str, str], int] = {}

    def count(login: str, address: str) -> int:
        client = book.as_(login)
        client.get(address)
        with CaptureQueriesContext(connections["default"]) as own, CaptureQueriesContext(connections["observer"]) as all_:
            assert client.get(address).status_code == 200
        return len(own) + len(all_)

    def same(_: Ledger, login: str, address: str) -> None:
        before[login, address] = count(login, address)
        more(book)
        assert count(login, address) == before[login, address] <= 40

    return same


def more(book: Ledger, tasks: int = 10) -> None:
    from hpf.workplan import services

    for _ in range(tasks):
        number = next(_keys)
        made = services.create_task(
            by=book.by, centre_id=0, plan_id=book.plan, title=f"加办事项{number}", demand="加办", at=datetime.now(UTC), key=f"more{number}"
        )
        assert made.is_approved, made.reasons


def test_the_province_accepts_several_reports_of_several_centres_at_once(book: Ledger) -> None:
    """Ticked lines go centre by centre; what is not reported is told, and that centre's others wait with it."""
    from hpf.kernel.actor import Actor
    from hpf.workplan import services

    office, on, numbers = book.as_("office"), date(2026, 8, 3), {}
    row = next(row for row in book.wall().rows if row.lights == "-" * 16 or " " not in row.lights[:2])
    for centre in (LANZHOU, JIAYUGUAN):
        by = {"by": Actor.system(centre), "centre_id": centre, "at": datetime.now(UTC)}
        line = next(each for each in book.lines(row.task_id, centre) if each.state == "OPEN")
        numbers[centre] = line.occurrence_id
        given = {"occurrence_id": line.occurrence_id}
        services.add_evidence(**by, **given, filename="佐证.pdf", content=PDF + bytes([centre]), key=f"many:e{centre}")
        services.finish(**by, **given, version=book.lines(row.task_id, centre)[0].version, words="已完成", key=f"many:f{centre}")
        services.report(**by, occurrence_ids=(line.occurrence_id,), on=on, key=f"many:r{centre}")
    page = text_of(office.get("/workplan/week/"))
    assert "待认可" in page and "认可勾选事项" in page
    assert "没有勾选任何事项" in text_of(send(office, "/workplan/accept/"))
    open_one = next(each for each in book.lines(book.monthly, JIAYUGUAN) if each.state == "OPEN").occurrence_id
    ticked = [f"{LANZHOU}-{numbers[LANZHOU]}", f"{JIAYUGUAN}-{numbers[JIAYUGUAN]}", f"{JIAYUGUAN}-{open_one}"]
    told = text_of(send(office, "/workplan/accept/", occurrence=ticked, opinion="同意"))
    assert "已认可1项" in told and "认可须在已上报时办理" in told
    states = {centre: next(each for each in book.lines(row.task_id, centre) if each.occurrence_id == numbers[centre]) for centre in numbers}
    assert (states[LANZHOU].state, states[LANZHOU].opinion, states[JIAYUGUAN].state) == ("ACCEPTED", "同意", "REPORTED")
    assert send(book.as_("director"), "/workplan/accept/", occurrence=ticked[1:2]).status_code == 403
    assert "已认可1项" in text_of(send(office, "/workplan/accept/", occurrence=ticked[1:2]))


def test_the_director_says_who_belongs_to_a_section(book: Ledger) -> None:
    from hpf.workplan.queries import agenda

    director, clerk = book.as_("director"), book.people["clerk"]
    page = text_of(director.get("/workplan/sections/"))
    assert "归集管理科" in page and "尚未归入科室" in page and "某director" in page
    wrong = send(director, "/workplan/sections/seat/", form="new", new__section="稽核科", new__heads=[clerk])
    assert "负责人不在科室人员之内" in text_of(wrong)
    done = send(director, "/workplan/sections/seat/", form="new", new__section="稽核科", new__members=[clerk], new__heads=[clerk])
    assert "“稽核科”已登记1人" in text_of(done)
    seats = {seat.section: seat.members for seat in agenda.sections(LANZHOU)}
    assert seats["稽核科"] == ((clerk, "某clerk", True),)
    assert "“稽核科”已撤销" in text_of(send(director, "/workplan/sections/seat/", form="s1", s1__section="稽核科"))
    assert "稽核科" not in {seat.section for seat in agenda.sections(LANZHOU)}
    for login in ("head", "clerk", "office"):
        assert send(book.as_(login), "/workplan/sections/seat/", form="new", new__section="稽核科").status_code == 403
    assert "归集管理科" in text_of(book.as_("office").get("/workplan/sections/?centre=1"))
    assert "还没有登记科室" in text_of(book.as_("office").get("/workplan/sections/?centre=2"))


def test_a_task_gains_a_centre_and_other_dates_with_the_reason(book: Ledger) -> None:
    office = book.as_("office")
    send(
        office,
        f"/workplan/plans/{book.plan}/tasks/new/",
        title="窗口适老化改造",
        demand="完成窗口适老化改造",
        kind="FIXED",
        on="2026-10-31",
        centres=[1],
    )
    row = next(row for row in book.wall().rows if row.title == "窗口适老化改造")
    page = office.get(f"/workplan/tasks/{row.task_id}/").content.decode()
    version = re.search(r'/centres/\?version=(\d+)"', page)
    assert version and "调整责任中心" in page and "调整期限" in page
    shown = office.get(f"/workplan/tasks/{row.task_id}/centres/?version={version[1]}", headers={"HX-Request": "true"}).content.decode()
    assert len(re.findall(r"checked", shown)) == 1 and f'name="version" value="{version[1]}"' in shown
    given = {"version": version[1], "centres__centres": [1, 2]}
    assert "责任中心已调整" not in text_of(send(office, f"/workplan/tasks/{row.task_id}/centres/", **given, centres__reason=""))
    told = text_of(send(office, f"/workplan/tasks/{row.task_id}/centres/", **given, centres__reason="嘉峪关申请加入"))
    assert "责任中心已调整。新增1个期次" in told and "嘉峪关申请加入" in told
    version = re.search(r'/deadlines/\?version=(\d+)"', office.get(f"/workplan/tasks/{row.task_id}/").content.decode())
    assert version
    dates = {"version": version[1], "deadlines__kind": "FIXED", "deadlines__on": "2026-10-31", "deadlines__reason": "统一到月底"}
    assert "现在的期限就是" in text_of(send(office, f"/workplan/tasks/{row.task_id}/deadlines/", **dates))
    told = text_of(send(office, f"/workplan/tasks/{row.task_id}/deadlines/", **dates | {"deadlines__on": "2026-11-30"}))
    assert "期限已调整。" in told and "统一到月底" in told
    assert {line.due_on for centre in (1, 2) for line in book.lines(row.task_id, centre) if line.state == "OPEN"} == {date(2026, 11, 30)}


def test_a_tried_ledger_is_confirmed_without_choosing_it_again(book: Ledger) -> None:
    import io

    import xlsxwriter

    held = io.BytesIO()
    sheets = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = sheets.add_worksheet()
    sheet.write_row(0, 0, ["任务号", "措施", "责任科室"])
    sheet.write_row(1, 0, [book.wall().rows[5].task_no, "逐项对账销号", "归集管理科"])
    sheets.close()
    head = book.as_("head")
    tried = head.post(
        f"/workplan/exchange/import/?plan={book.plan}",
        {"key": f"try{next(_keys)}", "what": "try", "sheet-file": upload("台账.xlsx", held.getvalue())},
    )
    page = tried.content.decode()
    assert "试导入结果（未保存）" in page and "按此结果正式导入" in page
    confirm = re.search(r'action="(/workplan/exchange/import/\d+/)', page)
    assert confirm
    task_id = book.wall().rows[5].task_id
    assert book.assignment(task_id).measure_text != "逐项对账销号"
    assert send(book.as_("clerk"), confirm[1]).status_code == 403
    done = text_of(head.post(f"{confirm[1]}?plan={book.plan}", {"key": f"ok{next(_keys)}"}))
    assert "导入结果" in done and "已导入：1行对应1项任务" in done
    assert book.assignment(task_id).measure_text == "逐项对账销号"


def test_a_whole_year_can_be_reported_with_the_ledger_its_tables_leave_the_rest_to(book: Ledger) -> None:
    import io
    import zipfile

    import docx

    answer = book.as_("office").get(f"/workplan/exchange/report.docx?month=2026&plan={book.plan}")
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    assert packed.namelist() == ["全省2026年工作要点落实情况通报.docx", "附件：全省2026年工作要点台账.xlsx"]
    told = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(packed.read(packed.namelist()[0]))).paragraphs)
    assert "关于2026年全省住房公积金工作要点" in told and "年内到期" in told and "2027年" not in told
    assert "行见附件" in told and "附件：全省2026年工作要点台账" in told
    own = book.as_("director").get(f"/workplan/exchange/report.docx?month=2026&plan={book.plan}").content
    own_told = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(own)).paragraphs)
    assert "年内到期" in own_told and "附件" not in own_told


def test_a_plan_ends_with_a_reason(book: Ledger) -> None:
    """Late here: what is ended is not worked on any more."""
    from hpf.workplan.queries import plans

    office, plan = book.as_("office"), plans.plan(book.plan)
    assert plan is not None
    address = f"/workplan/plans/{book.plan}/end/"
    assert "#occurrence" in office.get("/workplan/week/").content.decode()
    assert "invalid-feedback" in send(office, address, version=plan.version, text="").content.decode()
    assert "要点已结束" in text_of(send(office, address, version=plan.version, text="年度考核完毕"))
    assert send(book.as_("director"), address, version=plan.version, text="越权").status_code == 403
    assert "已结束" in text_of(office.get("/workplan/plans/"))
    assert "#occurrence" not in office.get("/workplan/week/").content.decode()
    page = book.as_("director").get(f"/workplan/tasks/{book.task}/1/").content.decode()
    assert "其中的事项不再办理" in page and 'id="act-comment"' in page
    assert not re.findall(r"act-(?:evidence|finish|move)|/breakdown/|/step/|/confirm/", page)
    province = text_of(office.get(f"/workplan/tasks/{book.task}/"))
    assert "批注" in province and "修改任务" not in province and "撤销任务" not in province
    assert "试导入" not in text_of(book.as_("director").get("/workplan/exchange/"))


def test_a_carried_plan_shows_its_tasks_under_the_parts_they_came_from(book: Ledger) -> None:
    """What an ended plan left open goes on in the next one."""
    from hpf.workplan import services

    made = services.next_plan(by=book.by, centre_id=0, from_plan_id=book.plan, year=2027, at=datetime.now(UTC), key="carry").value
    page = book.as_("office").get(f"/workplan/plans/{made.plan_id}/")
    told = text_of(page)
    assert "结转，没有文件原文" in told and "第版" not in told and "文件以外的任务" not in told
    assert 'href="#others-1"' in page.content.decode() and "五、加快数字化发展" in told
    assert f"/workplan/plans/{made.plan_id}/original/" not in page.content.decode()
