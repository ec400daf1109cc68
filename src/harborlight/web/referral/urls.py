from django.urls import URLPattern, URLResolver

app_name = "referral"
urlpatterns: list[URLPattern | URLResolver] = []
