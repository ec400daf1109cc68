from django.urls import path

from harborlight.web.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="list"),
    path("<uuid:pk>/", views.case, name="case"),
    path("from-lead/<uuid:pk>/", views.from_lead, name="open_from_lead"),
    path("from-report/<uuid:pk>/", views.from_report, name="open_from_report"),
]
