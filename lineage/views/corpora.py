"""Corpora: frozen, handed over as one file, and what their recipients are asked to do."""

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lineage import corpora
from lineage.corpora.sample import CodesRefused
from lineage.exports.sink import Sink
from lineage.forms import CodesForm, CorpusForm
from lineage.models import Corpus, Recall
from lineage.statistics import telling
from lineage.tasks import freeze_corpus
from lineage.views.gate import readers_only

MAY_FREEZE = permission_required("lineage.freeze_corpus", raise_exception=True)
PART = 1 << 18  # bytes read of a file at once


@readers_only
@MAY_FREEZE
@require_http_methods(["GET", "HEAD", "POST"])
def corpora_page(request: HttpRequest) -> HttpResponseBase:
    """One's own corpora, a form for a new one, and the copies one is asked to destroy."""
    form = CorpusForm.offering(telling.offered(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            corpus = corpora.request(
                title=form.cleaned_data["title"], definition=form.definition(), by=request.user, at=timezone.now()
            )
            transaction.on_commit(lambda: freeze_corpus.delay(corpus.pk))
        messages.success(request, _("The corpus is being frozen. Its files appear here once they are written."))
        return redirect("lineage:corpora")
    context = {
        "form": form,
        "codes_form": CodesForm(auto_id=False),
        "rows": Corpus.objects.filter(user_key=_reader(request)).defer("shown").order_by("-pk"),
        "recalls": Recall.objects.filter(user_key=_reader(request), done_at=None).order_by("asked_at", "pk"),
    }
    return render(request, "lineage/corpora.html", context, status=400 if form.errors else 200)


@readers_only
@MAY_FREEZE
@require_safe
def corpus_file(request: HttpRequest, key: int) -> HttpResponseBase:
    """All files of one's own corpus in one archive; recorded in the ledger of exports."""
    corpus = get_object_or_404(Corpus, pk=key, user_key=_reader(request))
    if not corpus.tables:
        raise Http404
    corpora.hand_over(corpus, by=request.user, at=timezone.now())
    keep = ExitStack()
    return StreamingHttpResponse(
        _archive(corpora.opened(corpus, keep), keep),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="corpus-{key}.zip"'},
    )


def _reader(request: HttpRequest) -> int:
    """The key of whoever asks, who is signed in."""
    return request.user.pk or 0


def _archive(files: list[tuple[str, IO[bytes]]], keep: ExitStack) -> Iterator[bytes]:
    """A zip of these open files, handed on while it is written; they are closed at its end."""
    sink = Sink()
    with keep, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            with archive.open(name, "w", force_zip64=True) as entry:
                while part := file.read(PART):
                    entry.write(part)
                    yield sink.take()
    yield sink.take()


@readers_only
@MAY_FREEZE
@require_POST
def corpus_codes(request: HttpRequest, key: int) -> HttpResponseBase:
    """The codes of one's own sample, read back from the table filled in by hand."""
    corpus = get_object_or_404(Corpus, pk=key, user_key=_reader(request))
    form = CodesForm(request.POST, request.FILES)
    if not corpus.tables:
        raise Http404
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["filled"])))
        return redirect("lineage:corpora")
    try:
        coded = corpora.take_codes(corpus, form.cleaned_data["filled"].read())
    except CodesRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Read: {count} edges of the sample have a code.").format(count=coded))
    return redirect("lineage:corpora")


@readers_only
@MAY_FREEZE
@require_POST
def recall_done(request: HttpRequest, key: int) -> HttpResponseBase:
    """The recipient says that the copy is destroyed. 404 for anybody else's task."""
    done = Recall.objects.filter(pk=key, user_key=_reader(request), done_at=None).update(done_at=timezone.now())
    if not done:
        raise Http404
    messages.success(request, _("Noted: your former copy is destroyed."))
    return redirect("lineage:corpora")
