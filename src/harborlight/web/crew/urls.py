from django.urls import path

from harborlight.web.crew import device_views, staff_views, views, yearly_views

app_name = "crew"
urlpatterns = [
    path("", device_views.app, name="app"),
    path("worker.js", device_views.worker, name="worker"),
    path("app.webmanifest", device_views.manifest, name="manifest"),
    path("hand-in/", device_views.hand_in, name="hand_in"),
    path("file/", device_views.by_file, name="by_file"),
    path("form/", views.form, name="form"),
    path("mine/", views.mine, name="mine"),
    path("phone/", views.set_up, name="set_up"),
    path("phone/end/", views.end_devices, name="end_devices"),
    path("queue/", staff_views.queue, name="queue"),
    path("yearly/", yearly_views.show, name="yearly"),
    path("yearly/file/", yearly_views.file, name="yearly_file"),
    path("yearly/trained/", yearly_views.trained, name="yearly_trained"),
    path("yearly/notifications/<slug:kind>/", yearly_views.notified, name="yearly_notified"),
    path("lessons/", staff_views.lessons, name="lessons"),
    path("report/<uuid:pk>/", staff_views.show, name="show"),
    path("report/<uuid:pk>/outcome/", staff_views.settle, name="settle"),
    path("report/<uuid:pk>/tell/", staff_views.tell, name="tell"),
    path("unreadable/<uuid:pk>/", staff_views.unreadable, name="unreadable"),
    path("unreadable/<uuid:pk>/settle/", staff_views.settle_unreadable, name="settle_unreadable"),
]
