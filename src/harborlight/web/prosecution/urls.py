from django.urls import path

from harborlight.web.prosecution import views

app_name = "prosecution"
urlpatterns = [
    path("", views.arrests, name="arrests"),
    path("case/<uuid:pk>/arrest/", views.add, name="add"),
    path("arrests/<uuid:pk>/", views.arrest, name="arrest"),
    path("arrests/<uuid:pk>/present/", views.present, name="present"),
    path("arrests/<uuid:pk>/charge/", views.charge, name="charge"),
    path("arrests/<uuid:pk>/sentence/", views.sentence_new, name="sentence_new"),
    path("charges/<int:pk>/ending/", views.dispose, name="dispose"),
    path("sentences/<uuid:pk>/", views.sentence, name="sentence"),
    path("sentences/<uuid:pk>/send/", views.send, name="send"),
]
