from django.urls import path

from harborlight.web.accounts import agency_views, glass_views, views

app_name = "accounts"
urlpatterns = [
    path("agencies/", agency_views.agencies, name="agencies"),
    path("agencies/new/", agency_views.add, name="add"),
    path("agencies/<int:pk>/", agency_views.agency, name="agency"),
    path("agencies/<int:pk>/change/", agency_views.change, name="change"),
    path("agencies/<int:pk>/invite/", agency_views.invite, name="invite"),
    path("invitations/<int:pk>/withdraw/", agency_views.withdraw, name="withdraw"),
    path("members/<int:pk>/end/", agency_views.end, name="end"),
    path("members/<int:pk>/second-factor/", agency_views.reset, name="reset"),
    path("members/<int:pk>/act/", views.act_as, name="act_as"),
    path("permissions/", agency_views.permissions, name="permissions"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("me/", views.profile, name="profile"),
    path("emergency/", glass_views.break_glass, name="break_glass"),
    path("emergency/opened/", glass_views.opened, name="glass_list"),
    path("emergency/<uuid:pk>/know/", glass_views.know, name="know"),
]
