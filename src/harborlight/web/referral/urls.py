from django.urls import URLPattern, URLResolver, path

from harborlight.web.referral import views

app_name = "referral"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.queue, name="list"),
    path("match/", views.find, name="find"),
    path("match/unmet/", views.unmet, name="unmet"),
    path("holds/", views.held, name="holds"),
    path("holds/new/<int:beds>/", views.hold, name="hold"),
    path("holds/<int:pk>/release/", views.release, name="release"),
    path("unmet/", views.counts, name="counts"),
    path("offer/<uuid:key>/", views.offer, name="offer"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:pk>/<slug:step>/", views.answer, name="answer"),
]
