from collections.abc import Callable

from django.urls import URLPattern, URLResolver, path

from harborlight.web.directory import api, pages, staff

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
    path("", pages.find_help, name="find"),
    path("towns.svg", pages.towns, name="towns"),
    path("services/<uuid:key>/", pages.service, name="service"),
    path("look/", staff.look, name="look"),
    path("look/towns.svg", staff.towns, name="look_towns"),
    path("look/<uuid:key>/", staff.entry, name="entry"),
    path("package/", staff.package, name="package"),
    path("own/", staff.mine, name="mine"),
    path("own/new/", staff.new, name="new"),
    path("own/<int:pk>/", staff.edit, name="edit"),
    path("own/<int:pk>/walls/", staff.walls, name="walls"),
    path("own/beds/<int:pk>/", staff.say_beds, name="say_beds"),
    path("own/import/", staff.import_package, name="import"),
    path("own/import/<int:pk>/", staff.imported, name="imported"),
    *_api("hsds", "", api.for_everybody),
    *_api("member/hsds", "member_", api.for_members),
]
