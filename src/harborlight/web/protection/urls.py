from django.urls import path

from harborlight.web.protection import people_views, views

app_name = "protection"
urlpatterns = [
    path("people/", people_views.people, name="people"),
    path("intake/", people_views.take_in, name="take_in"),
    path("clocks/", views.clocks, name="clocks"),
    path("case/<uuid:pk>/person/", views.add, name="add"),
    path("person/<uuid:pk>/", views.person, name="person"),
    path("person/<uuid:pk>/part/", views.take_part, name="take_part"),
    path("person/<uuid:pk>/age/", views.age, name="age"),
    path("person/<uuid:pk>/refer/", views.refer, name="refer"),
    path("person/<uuid:pk>/consent/", views.consent, name="consent"),
    path("person/<uuid:pk>/offer/", views.offer, name="offer"),
    path("referral/<int:pk>/clock/<slug:kind>/stop/", views.stop, name="stop"),
    path("consent/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
