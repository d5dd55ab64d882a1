"""The site's settings under test: a demonstration's, with quick password hashing and no static manifest."""

import os

os.environ.setdefault("DEBUG", "1")

from genealogy_site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
LANGUAGE_CODE = "en"  # tests read the English texts, whether or not the French ones are compiled
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
API_RATE = API_LONG_RATE = "100000/min"  # tests of the rates set their own
