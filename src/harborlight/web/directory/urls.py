from collections.abc import Callable

from django.urls import URLPattern, URLResolver, path

from harborlight.web.directory import api

app_name = "directory"
Patterns = list[URLPattern | URLResolver]


def _api(base: str, named: str, door: Callable[[api.Answer], api.Answer]) -> Patterns:
    """The HSDS API under one path, for everybody or for members."""
    found: Patterns = [
        path(f"{base}/", door(api.about), name=f"{named}api"),
        path(f"{base}/openapi.json", door(api.schema), name=f"{named}api_schema"),
    ]
    for kind in api.KINDS:
        about = {"kind": kind}
        found += [
            path(f"{base}/{kind}", door(api.listing), about, name=f"{named}api_{kind}"),
            path(
                f"{base}/{kind}/<str:key>", door(api.single), about, name=f"{named}api_{kind}_one"
            ),
        ]
    return found


urlpatterns: Patterns = [
    *_api("hsds", "", api.for_everybody),
    *_api("member/hsds", "member_", api.for_members),
]
