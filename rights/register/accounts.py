"""The fields of the site's own accounts, and of the libraries that it stands on."""

from rights.register.words import TECHNICAL, Category, Entry, Erasure, Retention, Rows, Shown, Source

HOLDER = Entry(Category.SITE_ACCOUNT, Source.STAFF, Shown.COPIED, Erasure.KEPT_AS_PROOF)
HOLDER_NOTED = Entry(Category.SITE_ACCOUNT, Source.SITE, Shown.COPIED, Erasure.KEPT_AS_PROOF)
SECRET = Entry(Category.SIGN_IN, Source.SITE, Shown.DESCRIBED, Erasure.DELETED)
SIGN_IN = Entry(Category.SIGN_IN, Source.SITE, Shown.COPIED, Erasure.DELETED)
DRAFT = Entry(Category.DRAFTS, Source.STAFF, Shown.DESCRIBED, Erasure.DELETED)
ACT = Entry(Category.ACTS, Source.STAFF, Shown.COPIED, Erasure.KEPT_AS_PROOF)
ATTEMPT = "id user_agent ip_address username http_accept path_info attempt_time"

TABLES = (
    Rows(
        "access.User",
        Retention.ACCOUNT,
        {
            HOLDER: "username first_name last_name email",
            HOLDER_NOTED: "id is_superuser is_staff is_active date_joined closed_at",
            SIGN_IN: "last_login",
            SECRET: "password",
        },
    ),
    Rows("access.User_groups", Retention.ACCOUNT, {HOLDER: "id user group"}),
    Rows("access.User_user_permissions", Retention.ACCOUNT, {HOLDER: "id user permission"}),
    Rows(
        "access.NameGrant",
        Retention.ACCOUNT,
        {ACT: "id account purpose ends_at given_at given_by withdrawn_at"},
    ),
    Rows(
        "access.ApiToken",
        Retention.ACCOUNT,
        {ACT: "id account name scopes created_at expires_at revoked_at", SIGN_IN: "last_used_at", SECRET: "digest"},
    ),
    Rows(
        "access.SecondFactorReset",
        Retention.ACCOUNT,
        {ACT: "id account asked_by asked_at confirmed_by confirmed_at"},
    ),
    Rows(
        "access.Session",
        Retention.SESSION,
        {SIGN_IN: "account signed_in_at seen_at browser expire_date", SECRET: "session_key session_data"},
    ),
    Rows("access.Draft", Retention.DRAFT, {DRAFT: "id account page sealed saved_at minute saves"}),
    Rows("sessions.Session", Retention.SESSION, {SIGN_IN: "expire_date", SECRET: "session_key session_data"}),
    Rows(
        "otp_totp.TOTPDevice",
        Retention.ACCOUNT,
        {
            SIGN_IN: "id user name confirmed throttling_failure_timestamp throttling_failure_count created_at "
            "last_used_at",
            SECRET: "key step t0 digits tolerance drift last_t",
        },
    ),
    Rows(
        "otp_static.StaticDevice",
        Retention.ACCOUNT,
        {
            SIGN_IN: "id user name confirmed throttling_failure_timestamp throttling_failure_count created_at "
            "last_used_at"
        },
    ),
    Rows("otp_static.StaticToken", Retention.ACCOUNT, {SIGN_IN: "id device", SECRET: "token"}),
    Rows("axes.AccessAttempt", Retention.COOL_OFF, {SIGN_IN: f"{ATTEMPT} get_data post_data failures_since_start"}),
    Rows("axes.AccessAttemptExpiration", Retention.COOL_OFF, {SIGN_IN: "access_attempt expires_at"}),
    Rows("axes.AccessFailureLog", Retention.COOL_OFF, {SIGN_IN: f"{ATTEMPT} locked_out"}),
    Rows("axes.AccessLog", Retention.COOL_OFF, {SIGN_IN: f"{ATTEMPT} logout_time session_hash"}),
    Rows(
        "admin.LogEntry",
        Retention.ACCOUNT,
        {ACT: "id action_time user content_type object_id object_repr action_flag change_message"},
    ),
    Rows("auth.Permission", Retention.ALWAYS, {TECHNICAL: "id name content_type codename"}),
    Rows("auth.Group", Retention.ALWAYS, {TECHNICAL: "id name"}),
    Rows("auth.Group_permissions", Retention.ALWAYS, {TECHNICAL: "id group permission"}),
    Rows("contenttypes.ContentType", Retention.ALWAYS, {TECHNICAL: "id app_label model"}),
    Rows("django_celery_beat.SolarSchedule", Retention.ALWAYS, {TECHNICAL: "id event latitude longitude"}),
    Rows("django_celery_beat.IntervalSchedule", Retention.ALWAYS, {TECHNICAL: "id every period"}),
    Rows("django_celery_beat.ClockedSchedule", Retention.ALWAYS, {TECHNICAL: "id clocked_time"}),
    Rows(
        "django_celery_beat.CrontabSchedule",
        Retention.ALWAYS,
        {TECHNICAL: "id minute hour day_of_month month_of_year day_of_week timezone"},
    ),
    Rows("django_celery_beat.PeriodicTasks", Retention.ALWAYS, {TECHNICAL: "ident last_update"}),
    Rows(
        "django_celery_beat.PeriodicTask",
        Retention.ALWAYS,
        {
            TECHNICAL: "id name task interval crontab solar clocked args kwargs queue exchange routing_key headers "
            "priority expires expire_seconds one_off start_time enabled last_run_at total_run_count date_changed "
            "description"
        },
    ),
)
