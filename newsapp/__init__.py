"""Asian-News.net: a live news site and its newsroom."""

import logging
import os
from collections.abc import Mapping

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from newsapp import (
    assets,
    caching,
    cli,
    config,
    desk,
    errors,
    headers,
    health,
    postgres,
    shell,
    tasks,
)
from newsapp.accounts import guard, mail
from newsapp.bodies import Bodies
from newsapp.edge import Edge
from newsapp.extensions import db, htmx, migrate
from newsapp.front import views as front
from newsapp.live import views as live
from newsapp.media import views as media
from newsapp.stories import views as stories
from newsapp.syndication import views as syndication


def create_app(overrides: Mapping[str, str] | None = None) -> Flask:
    """The application, set up from the environment; `overrides` come before it."""
    settings = config.load({**os.environ, **(overrides or {})})
    app = Flask(
        __name__,
        instance_path=settings["INSTANCE_FOLDER"],
        template_folder=str(config.ROOT / "templates"),
        static_folder=None,
    )
    app.config.update(settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logging.basicConfig(level=settings["LOG_LEVEL"])
    if settings["LOG_LEVEL"] != "DEBUG":
        for chatty in ("huey", "alembic", "httpx"):  # a line for each job, table and request
            logging.getLogger(chatty).setLevel(logging.WARNING)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    htmx.init_app(app)
    for part in (
        postgres,
        caching,
        guard,
        mail,
        headers,
        health,
        errors,
        assets,
        shell,
        tasks,
        cli,
    ):
        part.init_app(app)
    for room in (stories, live, syndication):
        room.init_app(app)  # their converters, before any address
    for room in (desk, media, live, syndication, front, stories):
        app.register_blueprint(room.bp)

    hops = settings["TRUSTED_PROXIES"]
    whole = Bodies(
        app.wsgi_app,
        limit=settings["MAX_CONTENT_LENGTH"],
        at_once=settings["BODIES_AT_ONCE"],
        large={"/desk/photos": settings["UPLOAD_BYTES"]},
        known=guard.recogniser(app),
    )
    # The edge stands in front: what a proxy says of the reader does not change what it keeps.
    app.wsgi_app = Edge(  # type: ignore[method-assign]  # as Flask says to
        ProxyFix(whole, x_for=hops, x_proto=hops, x_host=0),
        capacity=settings["EDGE_MEGABYTES"] * 1024 * 1024,
        arguments=caching.arguments(app),
        private="/desk",
        hosts=settings["HOSTS"],
    )
    return app
