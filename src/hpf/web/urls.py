"""Where each page hangs, by audience."""

from django.urls import path

from hpf.web.administration import views as administration
from hpf.web.employer import lists
from hpf.web.employer import views as employer
from hpf.web.member import views as member
from hpf.web.reference import views as reference
from hpf.web.signin import views as signin
from hpf.web.work import work

app_name = "web"
urlpatterns = [
    path("", signin.home, name="home"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.second_factor, name="second_factor"),
    path("sign-in/choose/", signin.choose, name="choose"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("account/", signin.account, name="account"),
    path("work/<int:job_id>/", work, name="work"),
    path("unit/", employer.home, name="employer_home"),
    path("unit/lists/", lists.lists, name="lists"),
    path("unit/lists/new/", lists.upload, name="list_new"),
    path("unit/lists/template/", lists.template, name="list_template"),
    path("unit/lists/prepare/", lists.prepare, name="list_prepare"),
    path("unit/lists/<str:remittance_no>/", lists.detail, name="list"),
    path("unit/lists/<str:remittance_no>/confirm/", lists.confirm, name="list_confirm"),
    path("unit/lists/<str:remittance_no>/cancel/", lists.cancel, name="list_cancel"),
    path("unit/people/", employer.people, name="people"),
    path("unit/people/new/", employer.people_open, name="people_open"),
    path("unit/people/<str:account_no>/", employer.person, name="person"),
    path("unit/people/<str:account_no>/<str:what>/", employer.person_change, name="person_change"),
    path("unit/arrears/", employer.arrears, name="arrears"),
    path("unit/deferral/", employer.deferral, name="deferral"),
    path("unit/prepay/", employer.prepay, name="prepay"),
    path("unit/history/", employer.history, name="employer_history"),
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
