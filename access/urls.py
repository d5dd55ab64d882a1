"""Addresses of sign-in and of one's own account. No name is ever part of one."""

from django.urls import path

from access.views import account, drafts, entrance, second_factor, tokens

urlpatterns = [
    path("sign-in/", entrance.SignIn.as_view(), name="login"),
    path("sign-out/", entrance.SignOut.as_view(), name="logout"),
    path("set-up/", entrance.set_up, name="account-set-up"),
    path("second-factor/", second_factor.give, name="second-factor"),
    path("second-factor/enrol/", second_factor.enrol, name="second-factor-enrol"),
    path("second-factor/qr.svg", second_factor.qr_code, name="second-factor-qr"),
    path("second-factor/recovery-codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("", account.own, name="account"),
    path("start/", account.start, name="start"),
    path("tokens/", tokens.own_tokens, name="account-tokens"),
    path("tokens/<int:key>/revoke/", tokens.revoke, name="account-revoke-token"),
    path("password/", account.password, name="account-password"),
    path("drafts/<slug:key>/", drafts.draft, name="account-draft"),
    path("sessions/end/", account.end_others, name="account-end-others"),
    path("sessions/<slug:reference>/end/", account.end_session, name="account-end-session"),
]
