"""Signing in and out, choosing a post, changing one's password."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hpf.access import queries as access
from hpf.access import services
from hpf.access.rules import AUDIENCE_LABELS, password_due
from hpf.parties import queries as parties
from hpf.web.menu import home_of
from hpf.web.middleware import begin_session, end_session
from hpf.web.page import address, now, page, tell, tell_reasons

GATES = {"member": ("个人", "证件号码"), "employer": ("单位", "经办人登录名"), "staff": ("中心", "工号")}
ACTIVATING = {gate: words for gate, words in GATES.items() if gate != "staff"}
"""Who sets a password by a code from the counter; staff have their administrators."""


class PasswordForm(forms.Form):
    """登录名 and 密码."""

    login = forms.CharField(label="登录名", max_length=64)
    password = forms.CharField(
        label="密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: object, gate: str, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["login"].label = GATES[gate][1]
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
            field.width = "col-12"  # type: ignore[attr-defined]


class CodeForm(forms.Form):
    """动态口令."""

    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label="动态口令",
        error_messages={"invalid": "动态口令为6位数字，请查看验证器后重新输入。"},
        widget=forms.TextInput(
            attrs={"class": "form-control num", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": 8}
        ),
    )


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    visit = request.visit  # type: ignore[attr-defined]
    return redirect(home_of(visit)) if visit else redirect("web:sign_in")


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """First step: name and password. Members and operators are then in; staff go on to the code."""
    if request.visit is not None:  # type: ignore[attr-defined]
        return redirect("web:home")
    gate = request.GET.get("as", "member")
    if gate not in GATES:
        raise Http404
    form = PasswordForm(request.POST or None, gate=gate)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        login = access.member_login(said["login"]) if gate == "member" else said["login"].strip()
        decision = services.first_factor(login=login, password=said["password"], at=now(), address=address(request))
        if decision.value is None:
            tell_reasons(request, decision.reasons)
        else:
            request.session.cycle_key()
            request.session["pending"] = {"user_id": decision.value.user_id, "next": request.GET.get("next", ""), "at": now().isoformat()}
            if decision.value.second_factor:
                return redirect("web:second_factor")
            return _arrive(request)
    return page(request, "hpf/sign_in.html", form=form, gate=gate, gates=GATES)


class ActivateForm(forms.Form):
    """登录名 开通码 新密码."""

    login = forms.CharField(label="登录名", max_length=64)
    code = forms.CharField(label="开通码", max_length=20, help_text="柜面发放的8位开通码，不分大小写。")
    new = forms.CharField(label="新密码", strip=False, max_length=128)
    again = forms.CharField(label="再输一次", strip=False, max_length=128)

    def __init__(self, *args: object, gate: str, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["login"].label = ACTIVATING[gate][1]
        self.fields["new"].help_text = f"至少10位，须含大写字母、小写字母、数字、符号中的{'两' if gate == 'member' else '三'}类。"
        kinds = {"login": "username", "code": "one-time-code", "new": "new-password", "again": "new-password"}
        for name, field in self.fields.items():
            if name in ("new", "again"):
                field.widget = forms.PasswordInput()
            field.widget.attrs |= {"class": "form-control", "autocomplete": kinds[name]}
            field.width = "col-12"  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        if said.get("new") != said.get("again"):
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return said


@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """首次使用、忘记密码: a code from the counter, and a password of one's own."""
    if request.visit is not None:  # type: ignore[attr-defined]
        return redirect("web:home")
    gate = request.GET.get("as", "member")
    if gate not in ACTIVATING:
        raise Http404
    form = ActivateForm(request.POST or None, gate=gate)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        login = access.member_login(said["login"]) if gate == "member" else said["login"].strip()
        decision = services.activate(login=login, code=said["code"], password=said["new"], at=now(), address=address(request))
        if tell(request, decision, "密码已设置，请登录。"):
            return redirect(f"{reverse('web:sign_in')}?as={gate}")
    return page(request, "hpf/activate.html", form=form, gate=gate, gates=ACTIVATING)


@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Second step for staff and supervisors: the code of the authenticator."""
    pending = request.session.get("pending")
    if not pending:
        return redirect("web:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = services.second_factor(user_id=pending["user_id"], code=form.cleaned_data["code"], at=now(), address=address(request))
        if decision.is_approved:
            return _arrive(request)
        tell_reasons(request, decision.reasons)
    return page(request, "hpf/second_factor.html", form=form)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which of several posts or accounts to use now."""
    user_id = request.session.get("pending", {}).get("user_id") or (request.visit.user.user_id if request.visit else None)  # type: ignore[attr-defined]
    user = access.user(user_id) if user_id and request.session.get("passed", request.visit is not None) else None  # type: ignore[attr-defined]
    if user is None:
        return redirect("web:sign_in")
    names = {view.centre_id: view.name for view in parties.centres()}
    posts = _posts(user)
    if request.method == "POST":
        chosen = next((a for a in posts if str(a.appointment_id) == request.POST.get("appointment")), None)
        if chosen is None:
            raise Http404
        return _enter(request, user, chosen, names.get(chosen.centre_id, "甘肃省"))
    shown = [(a, names.get(a.centre_id, "甘肃省")) for a in posts]
    return page(request, "hpf/choose.html", posts=shown)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    visit = request.visit  # type: ignore[attr-defined]
    if visit is not None:
        services.signed_out(user_id=visit.user.user_id, at=now(), address=address(request))
    return end_session(request)


class ChangePasswordForm(forms.Form):
    """原密码 新密码."""

    old = forms.CharField(
        label="原密码",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=128,
        help_text="至少10位；中心与单位用户须含大写字母、小写字母、数字、符号中的三类，缴存人两类。",
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )

    old.width = new.width = again.width = "col-12"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, str]:
        said = super().clean() or {}
        if said.get("new") != said.get("again"):
            self.add_error("again", "两次输入的新密码不一致，请重新输入。")
        return said


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """My account: who I am here, what I may do, my password."""
    visit = request.visit  # type: ignore[attr-defined]
    if visit is None:
        return redirect("web:sign_in")
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decision = services.change_password(
            user_id=visit.user.user_id,
            old=form.cleaned_data["old"],
            new=form.cleaned_data["new"],
            at=now(),
            centre_id=visit.centre_id,
            address=address(request),
        )
        if tell(request, decision, "密码已修改，请用新密码重新登录。"):
            return end_session(request)
    labels = [(business, label) for role in access.roles() for business, label, code in role.permissions if code in visit.actor.permissions]
    return page(
        request,
        "hpf/account.html",
        form=form,
        permissions=sorted(set(labels)),
        audience=AUDIENCE_LABELS[visit.user.audience],
        due=password_due(visit.user.password_changed_at, now()) and visit.user.audience == "STAFF",
        several=len(_posts(visit.user)) > 1,
        frame="hpf/member_shell.html" if visit.audience == "MEMBER" else "hpf/shell.html",
    )


def _posts(user: access.UserView) -> list[access.AppointmentView]:
    """One post a centre for staff; one an employer or a person for others; a supervisor sees every centre from any of his."""
    seen, posts = set(), []
    for view in user.appointments:
        place = None if user.audience == "SUPERVISOR" else (view.centre_id, view.employer_id, view.person_id)
        if place not in seen:
            seen.add(place)
            posts.append(view)
    return posts


def _arrive(request: HttpRequest) -> HttpResponse:
    user = access.user(request.session["pending"]["user_id"])
    posts = _posts(user) if user else []
    if user is None or not posts:
        request.session.flush()
        return page(request, "hpf/refusal.html", status=403, title="没有岗位", text="您还没有被任用到任何岗位，请联系本中心安全管理员。")
    request.session["passed"] = True
    if len(posts) > 1:
        return redirect("web:choose")
    names = {view.centre_id: view.name for view in parties.centres()}
    return _enter(request, user, posts[0], names.get(posts[0].centre_id, "甘肃省"))


def _enter(request: HttpRequest, user: access.UserView, post: access.AppointmentView, centre_name: str) -> HttpResponse:
    onward = request.session.pop("pending", {}).get("next", "")
    request.session.pop("passed", None)
    begin_session(request, user, post, centre_name)
    if onward and url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        return redirect(onward)
    return redirect("web:home")
