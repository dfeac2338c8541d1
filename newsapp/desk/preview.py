"""The preview: the readers' own page of a story as it was last saved."""

from flask import Blueprint, abort, current_app, g, render_template

from newsapp.desk.finding import story_or_404, tree
from newsapp.extensions import db
from newsapp.stories import structured
from newsapp.stories.queries import pages

bp = Blueprint("preview", __name__, url_prefix="/stories/<int:story_id>/preview")


@bp.get("")
def show(story_id: int) -> str:
    """The page that readers would see, marked as a preview."""
    story = story_or_404(story_id)
    page = pages.draft(db.session(), story_id) or abort(404)
    g.played = page.played()  # what it plays, its policy must allow
    breadcrumb = tree().breadcrumb(page.card.section_ids)
    return render_template(
        "desk/stories/preview.html",
        story=story,
        page=page,
        breadcrumb=breadcrumb,
        sections=tree().named(page.card.section_ids),
        json_ld=structured.news_article(page, breadcrumb, current_app.config["PUBLIC_URL"]),
        pulse=None,
    )
