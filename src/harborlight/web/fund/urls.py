from django.urls import URLPattern, URLResolver, path

from harborlight.web.fund import court_views, grant_views, views

app_name = "fund"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.overview, name="overview"),
    path("flow/", views.flow, name="flow"),
    path("hand-on/", views.hand_on, name="hand_on"),
    path("close/", views.close, name="close"),
    path("books.beancount", views.export_beancount, name="beancount"),
    path("postings.csv", views.export_csv, name="csv"),
    path("statement/", views.statement, name="statement"),
    path("orders/", court_views.order_list, name="orders"),
    path("orders/new/", court_views.enter_order, name="enter_order"),
    path("orders/from/<uuid:pk>/", court_views.from_sentence, name="from_sentence"),
    path("orders/<uuid:pk>/", court_views.order, name="order"),
    path("orders/<uuid:pk>/reading/", court_views.reading, name="reading"),
    path("orders/<uuid:pk>/review/", court_views.review, name="review"),
    path("orders/<uuid:pk>/pay/", court_views.enter_payment, name="enter_payment"),
    path("payments/import/", court_views.import_file, name="import"),
    path("payments/files/<int:pk>/", court_views.file, name="file"),
    path("payments/<int:pk>/bounce/", court_views.bounce, name="bounce"),
    path("payments/<int:pk>/refund/", court_views.refund, name="refund"),
    path("grants/", grant_views.grant_list, name="grants"),
    path("grants/call/", grant_views.call, name="call"),
    path("grants/call/<int:call>/", grant_views.apply, name="apply"),
    path("grants/<uuid:pk>/", grant_views.grant, name="grant"),
    path("grants/<uuid:pk>/award/", grant_views.award, name="award"),
    path("grants/<uuid:pk>/decline/", grant_views.decline, name="decline"),
    path("grants/<uuid:pk>/report/", grant_views.report, name="report"),
    path("grants/<uuid:pk>/pay/<int:report>/", grant_views.pay, name="pay"),
    path("grants/<uuid:pk>/land/", grant_views.land, name="land"),
]
