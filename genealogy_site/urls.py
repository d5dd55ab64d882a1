"""Every address of the site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from genealogy_site.health import healthz, metrics

urlpatterns = [
    path("", include("lineage.urls")),
    path("api/", include("lineage.api.urls")),
    path("", include("rights.urls")),
    path("account/", include("access.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", healthz, name="health"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
