"""个人信息: registered once, changed with a trace, shown masked, shown in full only for a purpose."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.people import AT, ON, Fund, fresh, resident_id


@pytest.fixture(scope="module")
def lanzhou(database):
    return Fund(1)


def codes(answer):
    return [reason.code for reason in answer.reasons]


def register(fund, name, number, kind="RESIDENT_ID", **given):
    from hpf.parties.services import NewPerson, register_person

    return register_person(by=fund.by, centre_id=1, person=NewPerson(name, kind, number, **given), on=ON, key=fresh())


def change(fund, person_id, reason="本人申请", **fields):
    from hpf.parties.services import PersonChange, change_person

    return change_person(
        by=fund.by, centre_id=1, person_id=person_id, change=PersonChange(**fields), reason=reason, on=ON, at=AT, key=fresh()
    )


def view(fund, person_id):
    from hpf.parties import queries

    with fund.scope():
        return queries.person(person_id)


def test_a_person_is_registered_once_and_shown_masked(lanzhou):
    first = register(lanzhou, "张　三", "６２０１０２１９９００３０７００１８", phone="139 0931 0018", bank_card="4111111111111111")
    again = register(lanzhou, "张三", "620102900307001")
    assert first.value.created
    assert (again.value.person_id, again.value.created) == (first.value.person_id, False)
    person = view(lanzhou, first.value.person_id)
    assert (person.name, person.name_pinyin, person.id_masked, person.phone_masked, person.bank_card_masked) == (
        "张三", "zhang san", "620***********0018", "139****0018", "****1111",
    )  # fmt: skip
    assert (person.sex, person.born_on) == ("M", date(1990, 3, 7))


def test_the_fifteen_digits_written_are_kept_beside_the_eighteen(lanzhou):
    from hpf.parties.services import unmask

    person_id = register(lanzhou, "李老四", "620102600101005").value.person_id
    full = unmask(by=lanzhou.by, centre_id=1, person_id=person_id, purpose="IDENTITY_CHECK", key=fresh()).value
    assert (full.id_number, full.original) == (resident_id(5, "19600101"), "620102600101005")


def test_seeing_a_document_in_full_needs_a_purpose_and_leaves_a_trace_without_it(lanzhou):
    from django.db import connections

    from hpf.db.command import NotPermitted
    from hpf.kernel.actor import Actor
    from hpf.parties.services import unmask

    number = resident_id(41)
    person_id = register(lanzhou, "王五", number).value.person_id
    key = fresh("unmask")
    assert codes(unmask(by=lanzhou.by, centre_id=1, person_id=person_id, purpose="好奇", key=fresh())) == ["PURPOSE_MISSING"]
    assert unmask(by=lanzhou.by, centre_id=1, person_id=person_id, purpose="CONTACT", key=key).value.id_number == number
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT user_name, answer::text FROM db_command WHERE key = %s", [key])
        user, answer = cursor.fetchone()
    assert user == "测试柜员"
    assert '"purpose": "CONTACT"' in answer
    assert number not in answer
    clerk = Actor("u9", "无权柜员", frozenset({1}), frozenset({"parties.register_person"}))
    with pytest.raises(NotPermitted, match="无权柜员没有在本中心办理此业务的权限"):
        unmask(by=clerk, centre_id=1, person_id=person_id, purpose="CONTACT", key=fresh())


def test_another_centre_cannot_unmask_our_people(lanzhou):
    from hpf.parties.services import unmask

    person_id = register(lanzhou, "赵六", resident_id(43)).value.person_id
    other = Fund(2)
    assert codes(unmask(by=other.by, centre_id=2, person_id=person_id, purpose="CONTACT", key=fresh())) == ["NO_SUCH_PERSON"]


def test_a_change_keeps_what_was_before(lanzhou):
    from hpf.parties import queries

    person_id = register(lanzhou, "钱七", resident_id(45), phone="13909310045").value.person_id
    assert change(lanzhou, person_id, phone="13809310045", name="钱柒").is_approved
    with lanzhou.scope():
        lines = {line.field: (line.before, line.after, line.reason) for line in queries.changes(1, "PERSON", person_id)}
        assert lines == {"name": ("钱七", "钱柒", "本人申请"), "phone": ("139****0045", "138****0045", "本人申请")}
        assert [person.person_id for person in queries.search(1, "13809310045")] == [person_id]
        assert queries.search(1, "13909310045") == []


@pytest.mark.parametrize(
    ("fields", "reason", "code"),
    [
        ({"phone": "123"}, "本人申请", "PHONE_WRONG"),
        ({"id_number": "620102199003070019"}, "本人申请", "ID_WRONG"),
        ({"phone": "13809310046"}, " ", "REASON_MISSING"),
    ],
)
def test_a_wrong_change_changes_nothing(lanzhou, fields, reason, code):
    person_id = register(lanzhou, "孙八", resident_id(47), phone="13909310047").value.person_id
    before = view(lanzhou, person_id)
    assert codes(change(lanzhou, person_id, reason, **fields)) == [code]
    assert view(lanzhou, person_id) == before


def test_a_document_of_somebody_else_is_not_taken_over(lanzhou):
    register(lanzhou, "周九", resident_id(49))
    person_id = register(lanzhou, "周玖", resident_id(51)).value.person_id
    assert codes(change(lanzhou, person_id, id_number=resident_id(49))) == ["ID_OF_ANOTHER_PERSON"]


def test_a_new_card_keeps_the_person_and_the_registry_follows(lanzhou):
    from hpf.parties import queries

    old, new = "USA620085010101", "96284019850101001X"
    account = lanzhou.member(lanzhou.unit("兰州外语学校"), "John Smith", old, kind="FOREIGN_PR_CARD_OLD", born_on=date(1985, 1, 1), sex="M")
    person_id = lanzhou.view(account).person_id
    assert change(lanzhou, person_id, id_kind="FOREIGN_PR_CARD", id_number=new).is_approved
    with Fund(2).scope():
        assert queries.elsewhere(2, "FOREIGN_PR_CARD", new) == [1]
        assert queries.elsewhere(2, "FOREIGN_PR_CARD_OLD", old) == []


def test_many_people_take_two_statements(lanzhou, queries):
    from hpf.parties.services import NewPerson, register_persons

    people = [NewPerson("职工", "RESIDENT_ID", resident_id(n, "19700101")) for n in range(1, 201)]
    queries.clear()
    first = register_persons(by=lanzhou.by, centre_id=1, people=people[:150], on=ON, key=fresh())
    assert ([entry.created for entry in first.entries], len(queries)) == ([True] * 150, 3)
    queries.clear()
    second = register_persons(by=lanzhou.by, centre_id=1, people=people, on=ON, key=fresh())
    assert ([entry.created for entry in second.entries], len(queries)) == ([False] * 150 + [True] * 50, 4)


def test_many_documents_are_found_in_one_query(lanzhou, queries):
    from hpf.parties import queries as parties

    number = resident_id(53)
    person_id = register(lanzhou, "吴十", number).value.person_id
    with lanzhou.scope():
        queries.clear()
        found = parties.persons_by_ids(1, [("RESIDENT_ID", number), ("RESIDENT_ID", resident_id(55)), ("RESIDENT_ID", "错")])
        assert len(queries) == 1
    assert {pair: person.person_id for pair, person in found.items()} == {("RESIDENT_ID", number): person_id}


def test_a_percent_sign_in_the_search_box_is_only_a_percent_sign(lanzhou):
    from hpf.parties import queries

    with lanzhou.scope():
        assert queries.search(1, "%") == []
        assert queries.search(1, "_") == []
        assert queries.search(1, "' OR 1=1 --") == []


def test_a_mark_holds_for_its_days(lanzhou):
    from hpf.parties import queries
    from hpf.parties.services import flag, lower_flag

    person_id = register(lanzhou, "郑十一", resident_id(57)).value.person_id
    given = {
        "by": lanzhou.by, "centre_id": 1, "subject_kind": "PERSON", "subject_id": person_id, "kind": "FRAUD_WITHDRAWAL", "since": ON,
    }  # fmt: skip
    assert codes(flag(**given, source_no=" ", until=None, key=fresh())) == ["SOURCE_MISSING"]
    raised = flag(**given, source_no="兰公积金处〔2026〕1号", until=date(2029, 8, 3), key=fresh())
    with lanzhou.scope():
        assert [mark.kind for mark in queries.flags("PERSON", [person_id], date(2029, 8, 2))[person_id]] == ["FRAUD_WITHDRAWAL"]
        assert queries.flags("PERSON", [person_id], date(2029, 8, 3)) == {}
    assert lower_flag(by=lanzhou.by, centre_id=1, flag_id=raised.value.flag_id, on=date(2027, 1, 1), reason="撤销", key=fresh()).is_approved
    with lanzhou.scope():
        assert queries.flags("PERSON", [person_id], date(2027, 1, 1)) == {}


def test_a_rotation_rewrites_every_ciphertext_of_the_centre(lanzhou, tmp_path, monkeypatch):
    from django.db import connections

    from hpf.db import crypto
    from hpf.parties import queries
    from hpf.parties.services import rekey_people

    number = resident_id(59)
    person_id = register(lanzhou, "冯十二", number).value.person_id
    ring = crypto.keyring()
    newer = crypto.Keyring(
        ring.suite, {**ring.data_keys, (ring.suite.number, 9): b"9" * ring.suite.key_bytes}, {**ring.current, ring.suite.number: 9},
        ring.index_suite, ring.index_key,
    )  # fmt: skip
    monkeypatch.setattr(crypto, "keyring", lambda: newer)
    last, parts = 0, 0
    while (part := rekey_people(by=lanzhou.by, centre_id=1, after_id=last, rows=150, key=fresh())).rows:
        last, parts = part.last_id, parts + 1
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FILTER (WHERE get_byte(id_number, 5) <> 9), count(*) FROM parties_person WHERE centre_id = 1")
        left, people = cursor.fetchone()
    assert (left, parts) == (0, -(-people // 150))
    with lanzhou.scope():
        assert queries.find_person(1, "RESIDENT_ID", number).person_id == person_id
