"""The addresses of the interface: keys of our own rows only, never a name."""

from django.urls import include, path, re_path

from lineage.api.artifacts import ArtifactLines, ArtifactList, ArtifactLookUp, ArtifactOne
from lineage.api.findings import Paths, TracePublishers
from lineage.api.pages import Description, Unknown, documentation
from lineage.api.rows import (
    AliasLines,
    AliasList,
    AuthorList,
    AuthorOne,
    DerivationLines,
    DerivationList,
    FamilyList,
    FamilyOne,
    WeeklyCounterLines,
    WeeklyCounterList,
)
from lineage.api.runs import CoverageOne, RunDifferences, RunList, RunOne
from lineage.api.study import Study
from lineage.api.traces import TraceLines, TracePage

app_name = "api"
urlpatterns = [
    path("", documentation, name="documentation"),
    path("v1/openapi.yaml", Description.as_view(), name="description"),
    path("v1/artifacts/", ArtifactList.as_view(), name="artifacts"),
    path("v1/artifacts.jsonl", ArtifactLines.as_view(), name="artifact_lines"),
    path("v1/artifacts/look-up/", ArtifactLookUp.as_view(), name="look_up"),
    path("v1/artifacts/<int:key>/", ArtifactOne.as_view(), name="artifact"),
    path("v1/artifacts/<int:key>/trace/", TracePage.as_view(), name="trace"),
    path("v1/artifacts/<int:key>/trace.jsonl", TraceLines.as_view(), name="trace_lines"),
    path("v1/artifacts/<int:key>/trace/publishers/", TracePublishers.as_view(), name="publishers"),
    path("v1/artifacts/<int:key>/paths/<int:target>/", Paths.as_view(), name="paths"),
    path("v1/derivations/", DerivationList.as_view(), name="derivations"),
    path("v1/derivations.jsonl", DerivationLines.as_view(), name="derivation_lines"),
    path("v1/authors/", AuthorList.as_view(), name="authors"),
    path("v1/authors/<int:key>/", AuthorOne.as_view(), name="author"),
    path("v1/families/", FamilyList.as_view(), name="families"),
    path("v1/families/<int:key>/", FamilyOne.as_view(), name="family"),
    path("v1/aliases/", AliasList.as_view(), name="aliases"),
    path("v1/aliases.jsonl", AliasLines.as_view(), name="alias_lines"),
    path("v1/weekly-counters/", WeeklyCounterList.as_view(), name="weekly_counters"),
    path("v1/weekly-counters.jsonl", WeeklyCounterLines.as_view(), name="weekly_counter_lines"),
    path("v1/harvests/", RunList.as_view(), name="harvests"),
    path("v1/harvests/<int:key>/", RunOne.as_view(), name="harvest"),
    path("v1/harvests/<int:key>/differences/", RunDifferences.as_view(), name="harvest_differences"),
    path("v1/statistics/", Study.as_view(), name="statistics"),
    path("v1/coverage/", CoverageOne.as_view(), name="coverage"),
    path("v1/", include([re_path(r"(?P<rest>(?s:.*))$", Unknown.as_view(), name="unknown")])),
]
