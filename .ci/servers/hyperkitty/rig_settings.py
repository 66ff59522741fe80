"""HyperKitty's own settings for tests, with a database in the rig's folder and pages as a site shows them."""
import os

from hyperkitty.tests.settings_test import *  # noqa: F401,F403

FOLDER = os.environ["RIG_DIR"]
SECRET_KEY = "rig"
DEBUG = False
TESTING = False
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(FOLDER, "archive.db"), "OPTIONS": {"timeout": 20}}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
Q_CLUSTER = {"timeout": 300, "retry": 600, "sync": True, "orm": "default"}
# No Mailman core is asked for anything.
HYPERKITTY_BATCH_MODE = True
COMPRESS_ENABLED = False
WSGI_APPLICATION = None
ROOT_URLCONF = "hyperkitty.tests.urls_test"
FILTER_VHOST = False
LOGGING = {}
