"""A field for several files, read into memory: what they are is told from their content, elsewhere."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from rights.mail import Part


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, as parts: name and content."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, in their order. Raises ValidationError where one is needed and none came."""
        sent = [file for file in (data if isinstance(data, list | tuple) else [data]) if isinstance(file, UploadedFile)]
        if not sent and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return tuple(Part(file.name or "", file.read()) for file in sent)
