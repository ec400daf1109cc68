from django.urls import path

from harborlight.web.cases import note_views, task_views, views

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
]
