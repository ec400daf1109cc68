from django.urls import path

from harborlight.web.intake import public_views, staff_views

app_name = "intake"
urlpatterns = [
    path("", public_views.tell, name="tell"),
    path("help/", public_views.numbers, name="numbers"),
    path("back/", public_views.back, name="back"),
    path("back/more/", public_views.more, name="more"),
    path("back/withdraw/", public_views.withdraw, name="withdraw"),
    path("queue/", staff_views.queue, name="queue"),
    path("enter/", staff_views.enter, name="enter"),
    path("item/<uuid:pk>/", staff_views.item, name="item"),
    path("item/<uuid:pk>/copy/<uuid:file>/", staff_views.copy, name="copy"),
    path("item/<uuid:pk>/original/<uuid:file>/", staff_views.original, name="original"),
    path("item/<uuid:pk>/label/", staff_views.label, name="label"),
    path("item/<uuid:pk>/assign/", staff_views.assign, name="assign"),
    path("item/<uuid:pk>/note/", staff_views.note, name="note"),
    path("item/<uuid:pk>/ask/", staff_views.ask, name="ask"),
    path("item/<uuid:pk>/take/", staff_views.take, name="take"),
    path("item/<uuid:pk>/route/", staff_views.route, name="route"),
    path("item/<uuid:pk>/outside/", staff_views.tell, name="outside"),
    path("item/<uuid:pk>/link/", staff_views.link, name="link"),
    path("item/<uuid:pk>/close/", staff_views.close, name="close"),
    path("item/<uuid:pk>/hold/", staff_views.hold, name="hold"),
    path("help/<slug:key>/", staff_views.change_contact, name="change_contact"),
]
