"""The site as a WSGI application: `gunicorn harborlight.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harborlight.web.settings")
application = get_wsgi_application()
