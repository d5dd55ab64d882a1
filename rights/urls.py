"""The public addresses: the notice, the form, the follow-up. What stands in them says nothing of anybody."""

from django.urls import path

from rights.views.follow_up import answer, ask_code, enter, leave, overview, package, reply, withdraw
from rights.views.notice import notice_page, notice_version
from rights.views.writing import case_form, confirm, door, received, referral_form, requesters

app_name = "rights"
urlpatterns = [
    path("notice/", notice_page, name="notice"),
    path("notice/<int:version>/", notice_version, name="notice_version"),
    path("rights/", door, name="door"),
    path("rights/account/", requesters, name="requesters"),
    path("rights/account/<slug:requester>/", case_form, name="case_form"),
    path("rights/dataset/", referral_form, name="referral_form"),
    path("rights/received/", received, name="received"),
    path("rights/confirm/<str:token>/", confirm, name="confirm"),
    path("rights/follow-up/", ask_code, name="follow_up"),
    path("rights/follow-up/code/", enter, name="enter"),
    path("rights/follow-up/request/", overview, name="overview"),
    path("rights/follow-up/reply/", reply, name="reply"),
    path("rights/follow-up/withdraw/", withdraw, name="withdraw"),
    path("rights/follow-up/copy/<int:key>/", package, name="package"),
    path("rights/follow-up/letter/<int:key>/", answer, name="answer"),
    path("rights/follow-up/leave/", leave, name="leave"),
]
