"""The application for a WSGI server: gunicorn wsgi:application. Settings come from the environment."""

from tracker.app import create_app
from tracker.config import load_settings

application = create_app(load_settings())
