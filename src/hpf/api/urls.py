"""Where machines call in."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from hpf.api import court, reference
from hpf.api.bank import notice
from hpf.api.problems import problem
from hpf.api.v1 import api


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(404, "没有这个接口，请核对地址与接口说明。", code="NOT_FOUND")


urlpatterns = [
    path("bank/notice", notice),
    path("court/orders", court.orders),
    path("court/orders/<str:request_no>", court.order),
    path("v1/", reference.page, name="api_reference"),
    path("v1/", api.urls),
    re_path(r"^", nothing_here),
]
