"""The desk: the editors' side of the site, behind one guard, kept by nobody."""

import secrets
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict, HTTPException, Unauthorized
from werkzeug.wrappers import Response as Answer

from newsapp import audit, clock, errors, streams
from newsapp.accounts.devices import network_of
from newsapp.accounts.guard import current_editor, lacks_second_step
from newsapp.accounts.models import NotAllowed
from newsapp.desk import (
    access,
    account,
    account_second,
    audit_log,
    batches,
    breaking,
    checks,
    copies,
    corrections,
    embargo,
    feeds,
    front,
    origins,
    people,
    photos,
    preview,
    publication,
    receipts,
    review,
    revisions,
    rules,
    schedule,
    session,
    sources,
    stories,
    times,
    videos,
    wire,
    withdrawal,
)
from newsapp.desk.shortcuts import shortcuts
from newsapp.extensions import db
from newsapp.headers import policy
from newsapp.stories.queries.pages import story_id_at

bp = Blueprint("desk", __name__, url_prefix="/desk")
for noun in (
    session, stories, copies, preview, publication, withdrawal, corrections, revisions, breaking,
    wire, feeds, origins, sources, rules, photos, videos, schedule, review, receipts, batches,
    access, account, account_second, people, audit_log,
    checks, embargo,
    front,
):  # fmt: skip
    bp.register_blueprint(noun.bp)
bp.record_once(times.register)

# As for readers, and the one style element that Trix puts into the page.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# What is there for whoever is not signed in yet.
OPEN = {
    "desk.session.form", "desk.session.create", "desk.session.second", "desk.session.prove",
    "desk.session.challenge", "desk.session.passkey", "desk.access.forgotten", "desk.access.ask",
    "desk.access.follow", "desk.access.form", "desk.access.choose",
}  # fmt: skip

# What leads to a second step, for whoever must set it up.
SETTING_UP = ("desk.second.", "desk.session.end", "desk.account.proof", "desk.account.prove")


@bp.get("")
@bp.get("/")
def home() -> Answer:
    """The desk begins with its stories."""
    return redirect(url_for("desk.stories.index"))


@bp.get("/<day:day>/<slug:slug>")
def open_at(day: date, slug: str) -> Answer:
    """Opens the story that readers find at this address: /desk before it is enough."""
    story_id = story_id_at(db.session(), f"{day:%Y/%m/%d}/{slug}") or abort(404)
    return redirect(url_for("desk.stories.edit", story_id=story_id))


@bp.before_request
def sent_from_here() -> None:
    """What changes anything was sent by our own pages, as far as the browser tells."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    # Behind a proxy we may be called otherwise than readers call us.
    ours = {urlsplit(current_app.config["PUBLIC_URL"]).netloc.lower(), request.host.lower()}
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    foreign = origin is not None and origin.partition("://")[2].lower() not in ours
    if foreign or site in ("cross-site", "same-site"):
        abort(403, "This was sent from another site’s page. Nothing was changed.")


@bp.before_request
def guard() -> Answer | None:
    """Nobody passes without signing in; afterwards they are where they wanted to be."""
    audit.begin(
        db.session(), request.endpoint or "", current_editor(),
        network_of(str(request.remote_addr)),
    )  # fmt: skip
    if request.endpoint in OPEN:
        return None
    if current_editor():
        return first_things_first()
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("desk.session.form")})
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return Response(status=401)  # a script of an open page, which asks for the sign-in itself
    if request.method != "GET":
        abort(401)  # with what was typed, which a redirect would lose
    return redirect(url_for("desk.session.form", next=request.full_path.rstrip("?")))


@bp.before_request
def release() -> None:
    """What is due is out before anybody looks at it here: the desk may be the only one awake."""
    if request.endpoint in OPEN:
        return
    session, now = db.session(), clock.now()
    _, due = streams.read(session, ())
    if due and due <= now:
        session.rollback()
        streams.release(db.engine, now, current_app.config["NEWSROOM_ZONE"])


def first_things_first() -> Answer | None:
    """Whoever lacks a second step that is demanded sets it up before anything else."""
    endpoint = request.endpoint or ""
    if endpoint.startswith(SETTING_UP) or not lacks_second_step():
        return None
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return redirect(url_for("desk.second.show"))
    return abort(403, "This newsroom asks for a second step. Set it up under your account first.")


@bp.after_request
def seal(response: Response) -> Response:
    """Nothing of the desk is kept by any cache, and only our own files run on it."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = policy(
        CSP.format(nonce=nonce()), *g.get("played", ())
    )
    return response


def nonce() -> str:
    """The word of this one answer that lets Trix style its editor."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    word: str = g.nonce
    return word


@bp.context_processor
def frame() -> dict[str, Any]:
    """What the frame of every page of the desk shows."""
    editor = current_editor()
    allowed = editor is not None and editor.may_publish
    return {
        "editor": editor,
        "csp_nonce": nonce,
        "break_form": breaking.line() if allowed else None,
        "stale_lead": front.stale_lead if allowed else None,
        "wire_alarms": feeds.alarms,
        "wire_kept": wire.kept,
        "waiting_originals": origins.waiting,
        "found_of_original": origins.found_of,
        "flagged": rules.flagged,
        "going_out": rules.going_out,
        "rule_that_made": rules.that_made,
        "ending_licences": sources.warnings,
        "shortcuts": shortcuts(editor) if editor else (),
    }


@bp.errorhandler(404)  # named too: the readers' 404 page would come first
@bp.errorhandler(HTTPException)
def refused(error: HTTPException) -> Any:
    """Any refusal, in a sentence, on a page of the desk."""
    if error.response is not None or error.code is None:
        return error
    if error.code == 413 and request.endpoint == "desk.photos.create" and current_editor():
        return photos.too_large()
    if error.code == 413 and request.endpoint == "desk.feeds.import_" and current_editor():
        return feeds.too_large()
    ended = isinstance(error, CSRFError | Unauthorized)
    page = render_template("desk/refused.html", error=error, ended=ended, typed=errors.typed())
    return page, error.code


@bp.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> Any:
    """What can't be done now, in the words of the verb that was asked."""
    db.session.rollback()
    return refused(Conflict(str(error)))


@bp.errorhandler(StaleDataError)
@bp.errorhandler(IntegrityError)
def overtaken(error: Exception) -> Any:
    """Somebody else changed the same thing at the same moment; nothing of this was saved."""
    db.session.rollback()
    return refused(
        Conflict("Somebody changed this at the same moment. Look at how it stands, then try again.")
    )
