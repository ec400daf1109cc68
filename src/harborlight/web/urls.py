"""Every URL of the site. Each app has its own below."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("harborlight.web.desk.urls")),
    path("reports/", include("harborlight.web.intake.urls")),
    path("leads/", include("harborlight.web.leads.urls")),
    path("directory/", include("harborlight.web.directory.urls")),
    path("training/", include("harborlight.web.training.urls")),
    path("crew/", include("harborlight.web.crew.urls")),
    path("cases/", include("harborlight.web.cases.urls")),
    path("referrals/", include("harborlight.web.referral.urls")),
    path("protection/", include("harborlight.web.protection.urls")),
    path("operations/", include("harborlight.web.operations.urls")),
    path("prosecution/", include("harborlight.web.prosecution.urls")),
    path("fund/", include("harborlight.web.fund.urls")),
    path("records/", include("harborlight.web.records.urls")),
    path("exchange/", include("harborlight.web.exchange.urls")),
    path("people/", include("harborlight.web.accounts.urls")),
    path("account/", include("harborlight.web.accounts.doors")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.DEMO and not settings.PRODUCTION:
    urlpatterns.append(path("demo/", include("harborlight.web.desk.demo_urls")))
