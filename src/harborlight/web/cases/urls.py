from django.urls import path

from harborlight.web.cases import note_views, task_views, transfer_views, views

app_name = "cases"
urlpatterns = [
    path("", views.cases, name="list"),
    path("<uuid:pk>/", views.case, name="case"),
    path("from-lead/<uuid:pk>/", views.from_lead, name="open_from_lead"),
    path("from-report/<uuid:pk>/", views.from_report, name="open_from_report"),
    path("tasks/", task_views.listed, name="tasks"),
    path("<uuid:pk>/task/", task_views.add, name="add_task"),
    path("task/<uuid:pk>/change/", task_views.change, name="change_task"),
    path("task/<uuid:pk>/end/", task_views.end, name="end_task"),
    path("<uuid:pk>/notes/", note_views.listed, name="notes"),
    path("<uuid:pk>/note/", note_views.write, name="write_note"),
    path("transfers/", transfer_views.listed, name="transfers"),
    path("<uuid:pk>/transfer/", transfer_views.offer, name="offer"),
    path("transfer/<uuid:pk>/", transfer_views.transfer, name="transfer"),
    path("transfer/<uuid:pk>/accept/", transfer_views.accept, name="accept"),
    path("transfer/<uuid:pk>/reject/", transfer_views.reject, name="reject"),
    path("transfer/<uuid:pk>/complete/", transfer_views.complete, name="complete"),
    path("transfer/<uuid:pk>/revoke/", transfer_views.revoke, name="revoke"),
]
