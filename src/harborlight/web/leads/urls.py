from django.urls import path

from harborlight.web.leads import deciding_views as deciding
from harborlight.web.leads import views

app_name = "leads"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("import/", deciding.take_in, name="import"),
    path("purges/", views.purges, name="purges"),
    path("<uuid:pk>/", views.lead, name="lead"),
    path("<uuid:pk>/versions/<int:number>/", views.lead, name="version"),
    path("<uuid:pk>/versions/<int:version>/ads/<int:sheet>/", views.ads, name="ads"),
    path("<uuid:pk>/versions/<int:version>/ad/<int:number>/", views.ad, name="ad"),
    path("<uuid:pk>/versions/<int:version>/<slug:name>.svg", views.figure, name="figure"),
    path("<uuid:pk>/why/", views.why, name="why"),
    path("<uuid:pk>/hold/", deciding.hold, name="hold"),
    path("<uuid:pk>/dismiss/", deciding.dismiss, name="dismiss"),
    path("<uuid:pk>/reopen/", deciding.reopen, name="reopen"),
    path("<uuid:pk>/merge/", deciding.merge, name="merge"),
    path("<uuid:pk>/share/", deciding.share, name="share"),
    path("<uuid:pk>/shares/<int:share>/end/", deciding.unshare, name="unshare"),
    path("<uuid:pk>/told/", deciding.told, name="told"),
]
