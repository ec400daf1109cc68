from django.urls import path

from harborlight.web.records import keeping_views, views

app_name = "records"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("person/<uuid:pk>/relief/", views.offered, name="relief"),
    path("person/<uuid:pk>/relief/task/", views.task, name="relief_task"),
    path("person/<uuid:pk>/expunge/", views.ask_for, name="ask"),
    path("person/<uuid:pk>/hold/", keeping_views.hold_person, name="hold_person"),
    path("request/<uuid:pk>/", views.one, name="request"),
    path("request/<uuid:pk>/carry-out/", views.carry_out, name="carry_out"),
    path("request/<uuid:pk>/drop/", views.drop, name="drop"),
    path("case/<uuid:pk>/hold/", keeping_views.hold_case, name="hold_case"),
    path("case/<uuid:pk>/close/", keeping_views.close, name="close"),
    path("holds/", keeping_views.holds, name="holds"),
    path("hold/<uuid:pk>/release/", keeping_views.release, name="release"),
    path("retention/", keeping_views.retention, name="retention"),
    path("retention/<uuid:pk>/reopen/", keeping_views.reopen, name="reopen"),
    path("retention/<uuid:pk>/delete/", keeping_views.delete, name="delete"),
    path("retention/<uuid:pk>/keep/", keeping_views.keep, name="keep"),
]
