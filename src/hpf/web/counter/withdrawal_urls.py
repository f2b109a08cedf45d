"""提取 beyond the ordinary case: estates, claims for down payments, bans, a payment ordered again."""

from __future__ import annotations

from django.urls import path

from hpf.web.counter import bans, claims, estates, payouts

urlpatterns = [
    path("counter/person/<str:account_no>/bans/", bans.bans, name="bans"),
    path("counter/withdrawals/deals/", claims.deals, name="deals"),
    path("counter/withdrawals/payouts/", payouts.payouts, name="payouts"),
    path("counter/withdrawals/claims/<str:claim_no>/", claims.claim, name="claim"),
    path("counter/withdrawals/for/<str:account_no>/estate/", estates.estate_new, name="estate_new"),
    path("counter/withdrawals/<str:application_no>/deal/<str:what>/", claims.deal_act, name="deal_act"),
    path("counter/withdrawals/<str:application_no>/heirs/<int:place>/<str:what>/", estates.heir_act, name="heir_act"),
    path("counter/withdrawals/<str:application_no>/payee/", estates.payee, name="withdrawal_payee"),
]
