"""接口说明: one page of our own made from the OpenAPI document; nothing is loaded from elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hpf.api.problems import TITLES
from hpf.api.v1 import api


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters and answer, by business."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": said.get("summary", ""),
            "business": (said.get("tags") or ["其他"])[0],
            "parameters": [
                (p["name"], {"path": "路径", "query": "查询", "header": "请求头"}[p["in"]], p.get("required", False))
                for p in said.get("parameters", [])
            ],
        }
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    return render(
        request,
        "hpf/api.html",
        {
            "title": document["info"]["title"],
            "description": document["info"]["description"],
            "operations": operations,
            "problems": TITLES.items(),
        },
    )
