"""The addresses of the genealogy: keys of our own rows only, never a name."""

from django.urls import path

from lineage.views.artifact import artifact_page, branch
from lineage.views.author import author_page
from lineage.views.dossier import dossier_page, draw_up
from lineage.views.findings import publishers_page, why_page, withdrawal_page
from lineage.views.search import search_page
from lineage.views.texts import accessibility_page, help_page
from lineage.views.trace import trace_file, trace_page

app_name = "lineage"
urlpatterns = [
    path("", search_page, name="search"),
    path("artifact/<int:key>/", artifact_page, name="artifact"),
    path("artifact/<int:key>/branch/", branch, name="branch"),
    path("artifact/<int:key>/trace/", trace_page, name="trace"),
    path("artifact/<int:key>/trace.<slug:suffix>", trace_file, name="trace_file"),
    path("artifact/<int:key>/trace/publishers/", publishers_page, name="publishers"),
    path("artifact/<int:key>/trace/why/<int:target>/", why_page, name="why"),
    path("artifact/<int:key>/trace/dossier/", draw_up, name="draw_up"),
    path("artifact/<int:key>/withdrawal/", withdrawal_page, name="withdrawal"),
    path("dossier/<int:key>/", dossier_page, name="dossier"),
    path("author/<int:key>/", author_page, name="author"),
    path("help/", help_page, name="help"),
    path("accessibility/", accessibility_page, name="accessibility"),
]
