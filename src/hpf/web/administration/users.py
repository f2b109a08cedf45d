"""建立用户、任用岗位: who signs in, with which second factor, in which post; two administrators for every user."""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.access import services
from hpf.access.rules import AUDIENCE_LABELS, Audience
from hpf.accounts import queries as accounts
from hpf.parties import queries as parties
from hpf.web.beside import say_beside
from hpf.web.employer.forms import Styled
from hpf.web.page import actor, centre_id, form_key, needs, now, page, tell

MADE_HERE = (Audience.STAFF, Audience.EMPLOYER, Audience.SUPERVISOR)
SECOND_FACTOR = (Audience.STAFF, Audience.SUPERVISOR)
"""Who signs in with a code of the authenticator besides the password."""
PLACES = {
    "LOGIN_TAKEN": "login", "PASSWORD_SHORT": "password", "PASSWORD_SIMPLE": "password", "PASSWORD_OWN_NAME": "password",
    "PASSWORD_REPEATS": "password",
}  # fmt: skip


class UserForm(Styled):
    """登录名 姓名 类别 初始密码."""

    login = forms.RegexField(
        r"^[A-Za-z][A-Za-z0-9_-]{2,31}$",
        label="登录名",
        help_text="字母开头，3至32位字母、数字",
        error_messages={"invalid": "登录名须以字母开头，3至32位字母、数字、横线。"},
    )
    name = forms.CharField(label="姓名", max_length=30)
    audience = forms.ChoiceField(
        label="类别",
        choices=[(kind.value, AUDIENCE_LABELS[kind]) for kind in MADE_HERE],
        help_text="中心人员和监管人员登录须有动态口令",
    )
    password = forms.CharField(
        label="初始密码",
        max_length=128,
        strip=False,
        help_text="至少10位，含三类字符；本人首次登录后自行修改",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )


class PasswordForm(Styled):
    """新密码."""

    password = forms.CharField(
        label="新密码",
        max_length=128,
        strip=False,
        help_text="至少10位，含三类字符；本人登录后自行修改",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "form-control"}),
    )


class AppointForm(Styled):
    """任用: a post of the user's own kind; an operator's unit by its account number."""

    role = forms.ChoiceField(label="岗位")
    employer_account_no = forms.CharField(label="单位账号", max_length=20, help_text="代表哪个单位办理业务")

    def __init__(self, *args: Any, audience: str, centre: int, **named: Any) -> None:
        super().__init__(*args, **named)
        self.centre = centre
        self.fields["role"].choices = [(role.code, role.label) for role in access.roles() if role.audience == audience]  # type: ignore[attr-defined]
        if audience != Audience.EMPLOYER:
            del self.fields["employer_account_no"]

    def clean_employer_account_no(self) -> int:
        try:
            account = accounts.employer_account(self.centre, self.cleaned_data["employer_account_no"])
        except accounts.NoSuchAccount:
            raise forms.ValidationError("本中心没有这个单位账号，请核对。") from None
        if account.state == "CLOSED":
            raise forms.ValidationError("该单位账户已销户，不能再任用经办人。")
        return account.employer_id


@require_http_methods(["GET", "POST"])
@needs("access.users")
def user_new(request: HttpRequest) -> HttpResponse:
    """建立用户: staff and supervisors get the secret of their second factor once, as a code to scan."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        secret = pyotp.random_base32() if said["audience"] in SECOND_FACTOR else None
        decision = services.register_user(
            by=actor(request), centre_id=centre_id(request), login=said["login"], name=said["name"], audience=said["audience"],
            password=said["password"], second_factor_secret=secret, at=now(), key=form_key(request),
        )  # fmt: skip
        if decision.is_approved and decision.value:
            tell(request, decision, "用户已建立，请由安全管理员任用岗位。")
            return _secret_page(request, decision.value, said["name"], secret, "用户已建立")
        say_beside(form, decision.reasons, PLACES)
    return page(request, "hpf/form.html", form=form, heading="建立用户", submit="建立", back="../")


@require_GET
@needs("page.users")
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """One user: posts held, and what this administrator may change."""
    return _user_page(request, _shown(request, user_id))


@require_POST
@needs("access.appoint")
def user_appoint(request: HttpRequest, user_id: int) -> HttpResponse:
    """任用; what is refused is said beside the post."""
    view, centre = _shown(request, user_id), centre_id(request)
    form = AppointForm(request.POST, audience=view.audience, centre=centre)
    if not form.is_valid():
        return _user_page(request, view, form)
    said = form.cleaned_data
    decision = services.appoint(
        by=actor(request), centre_id=centre, user_id=user_id, role=said["role"], employer_id=said.get("employer_account_no"), at=now(),
        key=form_key(request),
    )  # fmt: skip
    if decision.is_approved:
        tell(request, decision, "已任用。")
        return redirect("web:user", user_id=user_id)
    say_beside(
        form, decision.reasons, dict.fromkeys(("APPOINTS_SELF", "ROLE_OF_OTHERS", "ROLES_EXCLUDE", "ADMINISTRATOR_NO_BUSINESS"), "role")
    )
    return _user_page(request, view, form)


@require_POST
@needs("page.users")
def user_change(request: HttpRequest, user_id: int, what: str) -> HttpResponse:
    """免去, 停用, 启用, 解锁."""
    view = _shown(request, user_id)
    common = {"by": actor(request), "centre_id": centre_id(request), "user_id": user_id, "at": now(), "key": form_key(request)}
    match what:
        case "dismiss":
            if request.POST.get("role") not in {held.role for held in view.at_centre(centre_id(request))}:
                messages.warning(request, "该用户在本中心不任此岗位，岗位没有变化。")
                return redirect("web:user", user_id=user_id)
            services.dismiss(role=request.POST["role"], **common)
            messages.success(request, "已免去该岗位。")
        case "stop" | "start":
            services.set_active(active=what == "start", **common)
            messages.success(request, "已启用。" if what == "start" else "已停用，其登录立即失效。")
        case "unlock":
            services.unlock(**common)
            messages.success(request, "已解锁。")
        case _:
            raise Http404
    return redirect("web:user", user_id=user_id) if _may_show(request, access.user(user_id)) else redirect("web:users")


@require_POST
@needs("access.users")
def user_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    """重新绑定动态口令: the new secret is shown once; the old authenticator's codes no longer count."""
    view, secret = _shown(request, user_id), pyotp.random_base32()
    decision = services.renew_second_factor(
        by=actor(request), centre_id=centre_id(request), user_id=user_id, second_factor_secret=secret, at=now(), key=form_key(request)
    )
    if decision.is_approved and decision.value:
        tell(request, decision, f"{view.name}的动态口令已重新绑定，原验证器不再有效。")
        return _secret_page(request, decision.value, view.name, secret, "动态口令已重新绑定")
    tell(request, decision, "")
    return redirect("web:user", user_id=user_id)


@require_http_methods(["GET", "POST"])
@needs("access.appoint")
def user_password(request: HttpRequest, user_id: int) -> HttpResponse:
    """重置密码: a password for somebody who forgot it, told in person and changed by the user after signing in."""
    view, form = _shown(request, user_id), PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = services.reset_password(
            by=actor(request), centre_id=centre_id(request), user_id=user_id, password=form.cleaned_data["password"], at=now(),
            key=form_key(request),
        )  # fmt: skip
        if decision.is_approved:
            tell(request, decision, f"{view.name}的密码已重置，原登录全部失效。")
            return redirect("web:user", user_id=user_id)
        say_beside(form, decision.reasons, PLACES | dict.fromkeys(("OWN_RECOVERY", "USER_OF_OTHER_CENTRE"), "password"))
    return page(
        request, "hpf/form.html", form=form, heading=f"重置{view.name}的密码", submit="重置", back="../",
        explain="请核实本人身份后当面告知新密码。重置后该用户的登录全部失效，操作记入审计日志。",
    )  # fmt: skip


def _secret_page(request: HttpRequest, made: Any, name: str, secret: str | None, heading: str) -> HttpResponse:
    """The secret of a second factor, this one time."""
    qr = segno.make(services.totp_uri(secret, made.login), error="m").svg_data_uri(scale=5) if secret else ""
    posts = access.user(made.user_id)
    return page(
        request, "hpf/administration/user_made.html", made=made, name=name, qr=qr, secret=secret, heading=heading,
        without_post=posts is not None and not posts.appointments,
    )  # fmt: skip


def _user_page(request: HttpRequest, view: access.UserView, form: AppointForm | None = None) -> HttpResponse:
    here = centre_id(request)
    names = {each.centre_id: each.short_name for each in parties.centres()}
    posts = [
        {
            "label": held.label,
            "role": held.role,
            "appointment_id": held.appointment_id,
            "centre": names.get(held.centre_id, "甘肃省"),
            "here": held.centre_id == here,
        }
        for held in view.appointments
    ]
    return page(
        request, "hpf/administration/user.html", shown=view, posts=posts, form=form or AppointForm(audience=view.audience, centre=here),
        audience=AUDIENCE_LABELS[Audience(view.audience)], of_this_centre=bool(view.at_centre(here)),
    )  # fmt: skip


def _shown(request: HttpRequest, user_id: int) -> access.UserView:
    view = access.user(user_id)
    if view is None or view.audience == Audience.MEMBER or not _may_show(request, view):
        raise Http404
    return view


def _may_show(request: HttpRequest, view: access.UserView | None) -> bool:
    """Users who hold a post here, and those who hold none anywhere yet; whoever was dismissed here may work elsewhere."""
    return view is not None and bool(view.at_centre(centre_id(request)) or not view.appointments)
