from django.urls import path

from harborlight.web.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.arrivals, name="arrivals"),
    path("bring/", views.bring, name="bring"),
    path("<uuid:pk>/", views.arrival, name="arrival"),
    path("case/<uuid:pk>/", views.export, name="export"),
]
