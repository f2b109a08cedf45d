"""Where each page hangs, by audience."""

from django.urls import path

from hpf.web.administration import views as administration
from hpf.web.member import views as member
from hpf.web.reference import views as reference
from hpf.web.signin import views as signin

app_name = "web"
urlpatterns = [
    path("", signin.home, name="home"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.second_factor, name="second_factor"),
    path("sign-in/choose/", signin.choose, name="choose"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("account/", signin.account, name="account"),
    path("me/", member.home, name="member_home"),
    path("me/entries/", member.entries, name="member_entries"),
    path("me/interest/", member.interest, name="member_interest"),
    path("me/data/", member.me, name="member_me"),
    path("me/looks/", member.looks, name="member_looks"),
    path("policy/", reference.parameters, name="policy"),
    path("policy/<str:key>/", reference.parameter, name="parameter"),
    path("coverage/", reference.coverage, name="coverage"),
    path("users/", administration.users, name="users"),
    path("users/new/", administration.user_new, name="user_new"),
    path("users/roles/", administration.roles, name="roles"),
    path("users/<int:user_id>/", administration.user, name="user"),
    path("users/<int:user_id>/<str:what>/", administration.user_change, name="user_change"),
    path("audit/", administration.audit, name="audit"),
    path("audit/commands/", administration.commands, name="audit_commands"),
    path("audit/proof/", administration.proof, name="audit_proof"),
]
