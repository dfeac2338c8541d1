"""Stories: the list, writing a new one, changing one."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from newsapp import audit, clock
from newsapp.accounts.queries import names_of, people
from newsapp.desk import batches, checks, receipts
from newsapp.desk.finding import me, publisher, shown_in, stamp_of, story_or_404, tree
from newsapp.desk.publication import said, send_out
from newsapp.desk.retrying import retried
from newsapp.desk.suggestions import suggested
from newsapp.extensions import db
from newsapp.formats import NUMBER_MAX, Stamp
from newsapp.media.queries import photos_for_desk
from newsapp.stories.checks import HEADLINE_LONG, Check
from newsapp.stories.fields import is_token, names
from newsapp.stories.filters import ListFilter
from newsapp.stories.flow import BreakingForm, review_note
from newsapp.stories.forms import Clash, StoryForm
from newsapp.stories.models import Kind, Status, Story
from newsapp.stories.queries import copies, editing, history, overview, releases, sections
from newsapp.stories.queries.overview import Wanted
from newsapp.wire import filing
from newsapp.wire.cards import ours_of
from newsapp.wire.forms import excerpt, language_of
from newsapp.wire.models import Item
from newsapp.wire.queries import also_reporting, item_behind, sections_of
from newsapp.wire.queries import item as item_of_wire

bp = Blueprint("stories", __name__, url_prefix="/stories")
Refused = tuple[str, int]
ALSO = 5  # other outlets that an excerpt names


@bp.get("")
def index() -> Response | str | Refused:
    """The stories that this person works on, last changed first; the address says of which."""
    form = _filter(request.args)
    if "" in request.args.values():  # a form sends its empty fields, an address to keep has none
        return redirect(url_for("desk.stories.index", **form.address()))
    if not form.validate():
        if form.status.errors or form.mine.errors:
            abort(404)
        return _list(form), 422
    return _list(form, form.wanted(), stamp_of(request.args.get("before")))


def _filter(args: MultiDict[str, str]) -> ListFilter:
    form = ListFilter(args)
    authors = people(db.session()) if me().may_publish else ()
    form.offer(
        tree(),
        {person.id: person.name or person.email for person in authors},
        current_app.config["NEWSROOM_ZONE"],
    )
    return form


def _list(form: ListFilter, wanted: Wanted | None = None, before: Stamp | None = None) -> str:
    session, by = db.session(), me()
    page = overview.page(session, wanted, by, before) if wanted else overview.Page((), None, None)
    return render_template(
        "desk/stories/index.html",
        form=form,
        page=page,
        first=before is None,
        named=wanted is not None and wanted.named,
        counts=overview.counts(session, wanted, by) if wanted else {},
        work=overview.work(session, by),
        deeds=batches.deeds(),
        many=overview.MANY,
        window=overview.WINDOW,
        statuses=list(Status),
        people=names_of(session, [story.changed_by_id for story in page.stories]),
        unsaved=copies.unsaved(session, by) if before is None else (),
    )


@bp.get("/new")
def new() -> Response | str:
    """The empty form; with `?item=` filled from the wire, with `?copy=` as it was left."""
    if left := _left(None):
        return _page(_offered(left))
    if (made := _taken_by(number := request.args.get("item", type=int))) and _mine(made):
        flash("A story was made of this already: here it is.")
        return redirect(url_for("desk.stories.edit", story_id=made.id))
    return _page(_offered(StoryForm(data=_of_item(number))))


@bp.post("")
@retried
def create() -> Response | Refused:
    """Makes the story; the same form sent twice makes it once."""
    form = _offered(StoryForm(request.form))
    if not _fit(form):
        return _page(form), 422
    if made := editing.story_by_token(db.session(), form.token.data, me()):
        return _conflict(made, form) if form.differences(made) else _go_on(made.id)
    if taken := _taken_by(form.item.data):
        which = f"“{taken.headline}”" if _mine(taken) else "a colleague’s"
        form.form_errors.append(f"This item of the wire is a story already: {which}.")
        form.form_errors.append("Look at that one first. Saving again makes a story beside it.")
        form.item.raw_data, form.item.data = None, None
        return _page(form), 409
    story = Story(token=form.token.data, created_by_id=me().id)
    _write(form, story)
    db.session.add(story)
    return _commit(form, story)


@bp.get("/<int:story_id>")
def edit(story_id: int) -> str:
    """The form of a story; with `?copy=` as it was left."""
    story = story_or_404(story_id)
    return _page(_offered(_left(story) or StoryForm.of(story), story), story)


@bp.post("/<int:story_id>")
@retried
def save(story_id: int) -> Response | Refused:
    """Saves; what is live changes for readers at once. A conflict keeps both texts."""
    story = story_or_404(story_id)
    if story.decided:
        publisher()
    form = _offered(StoryForm(request.form), story)
    if form.version.data == story.version:
        form.settle(story, request.form)
    if not _fit(form, story):
        return _page(form, story), 422
    if history.overtaken(db.session(), story, form.version.data or 0):
        return _conflict(story, form)
    _write(form, story)
    return _commit(form, story)


def _fit(form: StoryForm, story: Story | None = None) -> bool:
    """Whether it can be saved; what is to go out must pass the checks."""
    if not form.validate():
        return False
    found = checks.found(form.typed(), story)
    stops = [check for check in found if check.stops and _counts(check, story)]
    for stop in stops:
        if stop.field in form:
            form[stop.field].errors = [*form[stop.field].errors, stop.words]
        else:
            form.form_errors.append(stop.words)
    return not stops


def _counts(check: Check, story: Story | None) -> bool:
    """Whether it stops this save. What is out may be mended whatever else is wrong with it, but
    readers never get a picture that is not described."""
    if _wanted() == "publication" and not (story and story.live):
        return True
    return story is not None and story.decided and check.always


def _write(form: StoryForm, story: Story) -> None:
    """Puts the form into the story, and the story before readers if that was asked."""
    session, now, by = db.session(), clock.now(), me()
    with session.no_autoflush:
        chosen = sections.sections_by_slug(session, form.sections.data)
        form.write(story, chosen, editing.tags_named(session, names(form.tags.data)))
        outlet = checks.outlet_of(form.typed(), story)
        story.noindex = outlet is not None and outlet.unindexed
        if story.slug and story.published_at:
            zone = current_app.config["NEWSROOM_ZONE"]
            story.move(releases.free_path(session, story, story.published_at, zone))
        if _wanted() == "publication" and not story.live:
            audit.does(session, audit.PUBLISHED)
            send_out(story, publisher(), now)
        elif _wanted() == "review":
            audit.does(session, audit.HANDED_IN)
            story.hand_in(by, now, review_note(request.form))
        else:
            story.saved(by, now, form.note.data)
            if story.live:
                receipts.write(story, receipts.CHANGED, now)


def _commit(form: StoryForm, story: Story) -> Response | Refused:
    """Saves for good; whoever was faster is asked about, never overwritten."""
    session, known = db.session(), story.id
    try:
        session.flush()
        _take_item(form.item.data, story)
        if copy := copies.copy(session, me(), form.token.data):
            session.delete(copy)
        session.commit()
    except StaleDataError:
        session.rollback()
        return _conflict(story_or_404(known), form)
    # A preview says itself what it shows.
    if _wanted() != "preview" and (words := _said(story)):
        flash(words)
    return _go_on(story.id)


def _go_on(story_id: int) -> Response:
    to = "desk.preview.show" if _wanted() == "preview" else "desk.stories.edit"
    return redirect(url_for(to, story_id=story_id), 303)


def _said(story: Story) -> str:
    if _wanted() == "review":
        return "Handed in. Editors find it under Review."
    if _wanted() == "publication":
        return said(story)
    if not story.live:
        return "Saved. Readers don’t see it yet."
    return "Saved. Open pages show the change within seconds."


def _wanted() -> str:
    """Which button was pressed: save, preview, review or publication."""
    return request.form.get("then", "save")


def _conflict(story: Story, form: StoryForm) -> Refused:
    seen = history.words_at(db.session(), story.id, form.version.data or 0)
    clashes = form.clashes(story, seen)
    # The next save is made knowing theirs.
    form.version.raw_data, form.version.data = None, story.version
    return _page(form, story, clashes), 409


def _left(story: Story | None) -> StoryForm | None:
    """The form that `?copy=` names, as it was left; it goes on as the same one."""
    if not is_token(token := request.args.get("copy", "")):
        return None
    copy = copies.copy(db.session(), me(), token)
    if copy is None or copy.story_id != (story.id if story else None):
        return None  # saved or thrown away since: the form as it is
    return StoryForm.of_copy(copy) if copy.words is not None else None


def _offered(form: StoryForm, story: Story | None = None) -> StoryForm:
    wanted = {story.photo_id if story else None, form.photo.data}
    photos = photos_for_desk(db.session(), [n for n in wanted if n and 0 < n <= NUMBER_MAX])
    places = [place for place in tree().places if place.kind != Kind.RIVER]
    chosen = [story.video_id if story else None, form.video.data]
    item = None if story else _item(form.item.data)
    spoken = language_of(item) if item else "en"
    form.offer(photos, places, story, *shown_in(form.text, chosen), spoken=spoken)
    return form


def _page(
    form: StoryForm,
    story: Story | None = None,
    conflict: list[Clash] | None = None,
) -> str:
    typed = form.typed()
    item = None if story else _item(form.item.data)
    behind = item_behind(db.session(), story.id) if story else item
    return render_template(
        "desk/stories/edit.html",
        form=form,
        checks=checks.found(typed, story),
        outlet=checks.outlet_of(typed, story),
        suggested=suggested(typed),
        item=item,
        behind=behind,
        ours=ours_of(db.session(), [item.cluster_id], me())[item.cluster_id] if item else (),
        story=story,
        tree=tree(),
        conflict=conflict,
        people=names_of(db.session(), [story.changed_by_id] if story else []),
        # Beside a refusal it would read as if this were saved.
        receipt=receipts.of(story)
        if story and me().may_publish and conflict is None and not form.errors
        else None,
        photos=form.photos.values(),
        breaking_form=BreakingForm(),
        unsaved=copies.unsaved(db.session(), me(), form.token.data, story.id if story else 0),
        copied="copy" in request.args,
        headline_long=HEADLINE_LONG,
    )


def _of_item(item_id: int | None) -> dict[str, object]:
    """What the form begins with: an excerpt of this item, or just “news”."""
    if item_id is None:
        return {"sections": ["news"]}
    if not 0 < item_id <= NUMBER_MAX:
        abort(404)
    session, item = db.session(), item_of_wire(db.session(), item_id) or abort(404)
    others = filing.alike(session, item, also_reporting(session, item), clock.now())
    return excerpt(item, sections_of(session, item_id), others[:ALSO])


def _item(item_id: int | None) -> Item | None:
    known = item_id is not None and 0 < item_id <= NUMBER_MAX
    return item_of_wire(db.session(), item_id) if known and item_id else None


def _mine(story: Story) -> bool:
    return me().may_publish or story.created_by_id == me().id


def _taken_by(item_id: int | None) -> Story | None:
    """The story that was made of this item before."""
    item = _item(item_id)
    if item is None or item.story_id is None:
        return None
    return editing.story_for_desk(db.session(), item.story_id)


def _take_item(item_id: int | None, story: Story) -> None:
    if item := _item(item_id):
        filing.take(db.session(), item, story)
