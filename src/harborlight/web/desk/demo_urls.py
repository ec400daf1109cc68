"""URLs of the demonstration alone: urls.py takes them in when HARBORLIGHT_DEMO is 1."""

from django.urls import path

from harborlight.web.desk import demo_door

app_name = "demo"
urlpatterns = [
    path("", demo_door.door, name="door"),
    path("<int:pk>/", demo_door.enter, name="enter"),
]
