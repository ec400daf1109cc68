from django.urls import path

from harborlight.web.desk import audit_views, views

app_name = "desk"
urlpatterns = [
    path("", views.front, name="front"),
    path("today/", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("audit/", audit_views.entries, name="audit"),
]
