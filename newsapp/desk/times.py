"""Times as the desk reads them: the newsroom's clock, the day only when it is not today."""

from datetime import datetime

from flask import current_app
from flask.blueprints import BlueprintSetupState

from newsapp import clock


def register(state: BlueprintSetupState) -> None:
    """Gives templates `desk_time`."""
    state.app.add_template_filter(desk_time)


def desk_time(at: datetime, *, seconds: bool = False) -> str:
    """14:02 today; 22 Nov, 14:02 on another day; with the year when that is another one; with
    `seconds` where two may come in one minute."""
    zone = current_app.config["NEWSROOM_ZONE"]
    clock_face = "%H:%M:%S" if seconds else "%H:%M"
    here, today = at.astimezone(zone), clock.now().astimezone(zone)
    if here.date() == today.date():
        return f"{here:{clock_face}}"
    year = f" {here.year}" if here.year != today.year else ""
    return f"{here.day} {here:%b}{year}, {here:{clock_face}}"
