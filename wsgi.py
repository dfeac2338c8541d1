"""The WSGI entry point: `granian --interface wsgi wsgi:app`."""

from newsapp import create_app

app = create_app()
