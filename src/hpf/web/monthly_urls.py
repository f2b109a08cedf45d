"""约定提取 on the phone and at the counter."""

from __future__ import annotations

from django.urls import path

from hpf.web.counter import monthly, spouses
from hpf.web.member import monthly as member

urlpatterns = [
    path("counter/monthly/", monthly.monthly, name="monthly"),
    path("counter/monthly/for/<str:account_no>/spouse/", spouses.spouse_consent, name="spouse_consent"),
    path("counter/monthly/for/<str:account_no>/<str:ground>/", monthly.monthly_new, name="monthly_new"),
    path("counter/monthly/<str:agreement_no>/", monthly.monthly_one, name="monthly_one"),
    path("counter/monthly/<str:agreement_no>/end/", monthly.monthly_end, name="monthly_end"),
    path("counter/monthly/<str:agreement_no>/consent/", spouses.consent_back, name="consent_back"),
    path("me/monthly/", member.monthly, name="member_monthly"),
    path("me/monthly/new/<str:ground>/", member.monthly_new, name="member_monthly_new"),
    path("me/monthly/spouse/", member.monthly_for_spouse, name="member_monthly_for_spouse"),
    path("me/monthly/<str:agreement_no>/", member.monthly_one, name="member_monthly_one"),
    path("me/monthly/<str:agreement_no>/end/", member.monthly_end, name="member_monthly_end"),
]
