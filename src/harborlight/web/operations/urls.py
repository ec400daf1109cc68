from django.urls import path

from harborlight.web.operations import board_views, interest_views, views

app_name = "operations"
urlpatterns = [
    path("", views.operations, name="list"),
    path("new/", views.new, name="new"),
    path("asked/<int:pk>/", views.asked, name="asked"),
    path("asked/<int:pk>/leave/", views.leave, name="leave"),
    path("tasks/<uuid:pk>/done/", views.task_done, name="task_done"),
    path("interests/", interest_views.interests, name="interests"),
    path("interests/new/", interest_views.register, name="register"),
    path("interests/contact/", interest_views.contact, name="contact"),
    path("interests/<uuid:pk>/withdraw/", interest_views.withdraw, name="withdraw"),
    path("overlaps/<uuid:pk>/know/", interest_views.know, name="know"),
    path("<uuid:pk>/", views.operation, name="operation"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/ask/", views.ask_agency, name="ask"),
    path("<uuid:pk>/town/", views.town, name="town"),
    path("<uuid:pk>/team/", views.team, name="team"),
    path("<uuid:pk>/people/", views.people, name="people"),
    path("<uuid:pk>/task/", views.task, name="task"),
    path("<uuid:pk>/link/", views.link, name="link"),
    path("<uuid:pk>/start/", views.start, name="start"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/debrief/", board_views.debrief, name="debrief"),
    path("<uuid:pk>/board/", board_views.board, name="board"),
    path("<uuid:pk>/board/lines/", board_views.lines, name="lines"),
    path("<uuid:pk>/board/texts/", board_views.texts, name="texts"),
    path("<uuid:pk>/board/tell/", board_views.tell, name="tell"),
]
