"""Where the court desk hangs."""

from django.urls import path

from hpf.web.counter import court

urlpatterns = [
    path("counter/court/", court.court, name="court"),
    path("counter/court/new/", court.court_new, name="court_new"),
    path("counter/court/<str:order_no>/", court.court_order, name="court_order"),
    path("counter/court/<str:order_no>/document/<int:document_id>/", court.court_document, name="court_document"),
    path("counter/court/<str:order_no>/payment/<str:what>/", court.court_payment, name="court_payment"),
    path("counter/court/<str:order_no>/<str:what>/", court.court_decide, name="court_decide"),
]
