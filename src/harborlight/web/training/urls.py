from django.urls import path

from harborlight.web.training import score_views, staff_views, views

app_name = "training"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("join/", views.join, name="join"),
    path("begin/<slug:code>/", views.begin, name="begin"),
    path("course/<int:pk>/", views.take, name="take"),
    path("check/<int:pk>/", views.check, name="check"),
    path("certificate/", views.verify, name="verify"),
    path("certificate/<int:pk>/", views.certificate, name="certificate"),
    path("staff/", staff_views.staff, name="staff"),
    path("staff/import/", staff_views.import_file, name="import"),
    path("staff/ledger/", staff_views.export, name="ledger"),
    path("staff/file/<int:pk>/", staff_views.file, name="file"),
    path("staff/file/<int:pk>/rejected/", staff_views.rejected, name="rejected"),
    path("staff/<uuid:pk>/", staff_views.person, name="person"),
    path("staff/<uuid:pk>/record/", staff_views.record, name="record"),
    path("staff/<uuid:pk>/change/", staff_views.change, name="change"),
    path("scores/", score_views.show, name="scores"),
]
