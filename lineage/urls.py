"""The addresses of the genealogy: keys of our own rows only, never a name."""

from django.urls import path

from lineage.views.artifact import artifact_page, branch
from lineage.views.atlas import glimpse, map_file, map_page
from lineage.views.author import author_page
from lineage.views.changes import changes_page
from lineage.views.corpora import corpora_page, corpus_codes, corpus_file, recall_done
from lineage.views.dossier import dossier_page, draw_up
from lineage.views.findings import publishers_page, why_page, withdrawal_page
from lineage.views.search import search_page
from lineage.views.star import star
from lineage.views.statistics import publication_file, statistics_file, statistics_page
from lineage.views.texts import accessibility_page, help_page
from lineage.views.trace import trace_file, trace_page
from lineage.views.tree import tree_page
from lineage.views.watches import end_watch, watch, watches_page

app_name = "lineage"
urlpatterns = [
    path("", search_page, name="search"),
    path("artifact/<int:key>/", artifact_page, name="artifact"),
    path("artifact/<int:key>/branch/", branch, name="branch"),
    path("artifact/<int:key>/star/", star, name="star"),
    path("artifact/<int:key>/tree/", tree_page, name="tree"),
    path("artifact/<int:key>/map/", map_page, name="map"),
    path("artifact/<int:key>/map.bin", map_file, name="map_file"),
    path("artifact/<int:key>/glimpse/", glimpse, name="glimpse"),
    path("artifact/<int:key>/trace/", trace_page, name="trace"),
    path("artifact/<int:key>/trace.<slug:suffix>", trace_file, name="trace_file"),
    path("artifact/<int:key>/trace/publishers/", publishers_page, name="publishers"),
    path("artifact/<int:key>/trace/why/<int:target>/", why_page, name="why"),
    path("artifact/<int:key>/trace/watch/", watch, name="watch"),
    path("watches/", watches_page, name="watches"),
    path("watches/<int:key>/end/", end_watch, name="end_watch"),
    path("artifact/<int:key>/trace/changes/", changes_page, name="changes"),
    path("artifact/<int:key>/trace/dossier/", draw_up, name="draw_up"),
    path("artifact/<int:key>/withdrawal/", withdrawal_page, name="withdrawal"),
    path("dossier/<int:key>/", dossier_page, name="dossier"),
    path("author/<int:key>/", author_page, name="author"),
    path("statistics/", statistics_page, name="statistics"),
    path("statistics/publication.csv", publication_file, name="publication"),
    path("statistics/<slug:measure>.csv", statistics_file, name="statistics_file"),
    path("corpora/", corpora_page, name="corpora"),
    path("corpora/<int:key>.zip", corpus_file, name="corpus_file"),
    path("corpora/<int:key>/codes/", corpus_codes, name="corpus_codes"),
    path("corpora/tasks/<int:key>/done/", recall_done, name="recall_done"),
    path("help/", help_page, name="help"),
    path("accessibility/", accessibility_page, name="accessibility"),
]
