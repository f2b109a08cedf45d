"""升级: one command brings what a new version says about posts and permissions, and takes away what it no longer says."""

from __future__ import annotations

import pytest
import yaml
from django.core.management import call_command


@pytest.fixture
def said(own_database, monkeypatch, tmp_path):
    """roles.yaml of the next version, to be written by the test."""
    from hpf.access.services import appointments

    roles = yaml.safe_load(appointments.ROLES_FILE.read_text(encoding="utf-8"))

    def write():
        path = tmp_path / "roles.yaml"
        path.write_text(yaml.safe_dump(roles, allow_unicode=True), encoding="utf-8")
        monkeypatch.setattr(appointments, "ROLES_FILE", path)

    return roles, write


def granted(role):
    from hpf.access.models import Grant

    return set(Grant.objects.using("owner").filter(role_id=role).values_list("permission_id", flat=True))


def test_a_new_post_with_a_new_permission_arrives_and_an_old_permission_goes(said):
    from hpf.access.models import Permission, Role

    roles, write = said
    before = granted("COUNTER_CLERK")
    roles["permissions"]["页面"]["page.archive"] = "使用档案"
    roles["roles"]["ARCHIVIST"] = {"label": "档案员", "audience": "STAFF", "duty": "保管档案", "permissions": ["page.archive"]}
    roles["roles"]["COUNTER_CLERK"]["permissions"].remove("page.suspense")
    write()
    for _ in range(2):
        call_command("upgrade", verbosity=0)
    assert Permission.objects.using("owner").get(code="page.archive").label == "使用档案"
    assert (Role.objects.using("owner").get(code="ARCHIVIST").label, granted("ARCHIVIST")) == ("档案员", {"page.archive"})
    assert granted("COUNTER_CLERK") == before - {"page.suspense"}


def test_who_holds_a_post_keeps_it_through_an_upgrade(said):
    from hpf.access import services
    from hpf.access.models import Appointment
    from hpf.access.services.appointments import NewUser
    from hpf.kernel.actor import Actor
    from tests.support.people import AT

    users = (NewUser("wang", "王柜员", "STAFF", "COUNTER_CLERK"),)
    services.register_users(by=Actor.system(1), centre_id=1, users=users, password="Lanzhou#2026", at=AT, key="users")
    _, write = said
    write()
    call_command("upgrade", verbosity=0)
    assert Appointment.objects.using("owner").filter(role_id="COUNTER_CLERK").count() == 1
