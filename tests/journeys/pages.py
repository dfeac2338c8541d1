"""Every kind of page, and where it is found."""

import re
from html import unescape
from urllib.parse import quote

from playwright.sync_api import expect

from tests.far_end import FarEnd
from tests.journeys.editor import Editor
from tests.journeys.site import Site

PUBLIC = {
    "front": "/",
    "region": "/east-asia",
    "country": "/japan",
    "topic": "/politics",
    "format": "/analysis",
    "photos": "/photos",
    "latest": "/latest",
    "archive day": "/archive/2024/06/19",
    "empty archive day": "/archive/2024/06/20",
    "excerpt": "/2024/06/19/putin-kim-sign-strongest-ever-treaty",
    "about": "/about",
    "contact": "/contact",
    "corrections": "/corrections",
    "404": "/nowhere",
    "400": "/latest?before=nonsense",
}
LINKED = {  # the page that leads there, and the words of its link
    "page 2": ("/latest", "Older stories"),
    "story": ("/turkey", "Bosphorus reopens"),
    "exclusive interview": ("/interview", "‘The hard part was"),
    "corrected story": ("/israel", "Israeli and Palestinian"),
}
WRITTEN: dict[str, dict[str, str]] = {  # by our editor
    "Arabic story": {
        "headline": "الأمطار تصل إلى عمّان في تموز",
        "place": "Jordan",
        "standfirst": "أول مطر صيفي منذ أربعين عاماً.",
        "body": "قال المزارعون إنهم ينتظرون المزيد.",
        "language_of_the_story": "ar",
    },
    "Chinese story": {
        "headline": "台北捷運在清晨多開一班車",
        "place": "Taiwan",
        "standfirst": "夜班工人不必再等。",
        "body": "第一班車坐滿了人。",
        "language_of_the_story": "zh-Hant",
    },
    "plain story": {"headline": "Donaudampfschifffahrtsgesellschaft" * 4, "place": "Oman"},
}
DESK = {
    "desk login": "/desk/login",
    "desk list": "/desk/stories",
    "desk empty list": "/desk/stories?words=nothing+has+these&section=japan",
    "desk my work": "/desk/stories?mine=wrote",
    "desk new": "/desk/stories/new",
    "desk wire": "/desk/wire",
    "desk feeds": "/desk/wire/feeds",
    "desk feed": "/desk/wire/feeds/1",
    "desk no feeds": "/desk/wire/feeds?words=nothing+has+these",
    "desk add feeds": "/desk/wire/feeds/new",
    "desk originals": "/desk/wire/originals",
    "desk wire empty": "/desk/wire?words=nothing+has+these&place=japan",
    "desk wire marked read": "/desk/wire?read=3",
    "desk sources": "/desk/wire/sources",
    "desk new source": "/desk/wire/sources/new",
    "desk rules": "/desk/wire/rules",
    "desk new rule": "/desk/wire/rules/new",
    "desk dry run": "/desk/wire/rules/rehearsal",
    "desk front": "/desk/front",
    "desk front of a region": "/desk/front/east-asia",
    "desk front found nothing": "/desk/front?words=nothing+has+these",
    "desk front launches": "/desk/front/front-page/launches",
    "desk front preview": "/desk/front/front-page/preview",
    "desk front preview of a region": "/desk/front/east-asia/preview",
    "desk breaking": "/desk/breaking",
    "desk pictures": "/desk/photos",
    "desk videos": "/desk/videos",
    "desk schedule": "/desk/schedule",
    "desk pictures by rights": "/desk/photos?show=rights",
    "desk no pictures": "/desk/photos?words=nothing+has+these",
    "desk 404": "/desk/nowhere",
    "desk login forgotten": "/desk/forgotten",
    "desk login dead link": "/desk/password",
    "desk people": "/desk/people",
    "desk invite": "/desk/people/new",
    "desk person": "/desk/people/1",
    "desk audit": "/desk/audit",
    "desk no deeds": "/desk/audit?story=999999",
    "desk account": "/desk/account",
    "desk password": "/desk/account/password",
    "desk proof": "/desk/account/proof",
    "desk second step": "/desk/account/second-step",
    "desk app": "/desk/account/second-step/app",
}
OF_A_STORY = {
    "desk edit": "",
    "desk preview": "/preview",
    "desk correct": "/corrections/new",
    "desk withdraw": "/withdrawal",
    "desk versions": "/revisions",
}
REFUSED = {  # an empty form: the page that it stands on, and its button
    "desk login refused": ("desk login", "Sign in"),
    "desk login forgotten refused": ("desk login forgotten", "Send the link"),
    "desk invite refused": ("desk invite", "Invite"),
    "desk password refused": ("desk password", "Change the password"),
    "desk proof refused": ("desk proof", "Go on"),
    "desk app refused": ("desk app", "Set it up"),
    "desk new refused": ("desk new", "Publish"),
    "desk breaking refused": ("desk breaking", "Publish now"),
    "desk correct refused": ("desk correct", "Put it on the story"),
    "desk pictures refused": ("desk pictures", "Send"),
    "desk add feeds refused": ("desk add feeds", "Add the feed"),
    "desk feeds list refused": ("desk add feeds", "Import"),
    "desk videos refused": ("desk videos", "Take it in"),
    "desk withdraw refused": ("desk withdraw", "Withdraw for good"),
    "desk source refused": ("desk new source", "Save"),
    "desk rule refused": ("desk new rule", "Save"),
    "desk batch refused": ("desk batch", "Add a tag: 2 stories"),
}
STATUS = {
    "404": 404,
    "400": 400,
    "410": 410,
    "desk 404": 404,
    "desk login dead link": 410,
} | dict.fromkeys(REFUSED, 422)
NAMES = [
    *PUBLIC,
    *LINKED,
    *WRITTEN,
    "410",
    *DESK,
    *OF_A_STORY,
    "desk comparison",
    "desk excerpt",
    "desk wire card",
    "desk source",
    "desk take down",
    "desk rule",
    "desk unsaved",
    "desk picture",
    "desk schedule form",
    "desk receipt",
    "desk embargo",
    "desk end form",
    "desk batch",
    "desk batch of none",
    *REFUSED,
]


def found(site: Site, editor: Editor) -> dict[str, str]:
    """The address of each page, once there is one of each kind."""
    addresses = {**PUBLIC, **DESK}
    for name, (page, words) in LINKED.items():
        addresses[name] = _link(site, page, words)
    for name, fields in WRITTEN.items():
        addresses[name] = editor.publishes(**fields)
    of_the_story = editor.page.url.removeprefix(site.url)
    for name, rest in OF_A_STORY.items():
        addresses[name] = of_the_story + rest
    addresses["desk end form"] = f"{of_the_story}/schedule"
    editor.page.goto("/desk/stories?status=published")
    boxes = editor.page.locator("input[name=story]")
    chosen = "&".join(f"story={boxes.nth(n).get_attribute('value')}" for n in range(2))
    addresses["desk batch"] = f"/desk/stories/batch?deed=tag&{chosen}&list=status%3Dpublished"
    addresses["desk batch of none"] = f"/desk/stories/batch?deed=unschedule&{chosen}"
    editor.page.goto(of_the_story)
    editor.rewrites("Donaudampfer, kurz")
    receipt = editor.page.locator("[data-receipt]").get_attribute("data-receipt") or ""
    addresses["desk receipt"] = receipt.removesuffix("/looks")
    editor.page.goto(addresses["desk versions"])
    editor.press("Compare the two")
    editor.is_told_in_heading("What changed")
    addresses["desk comparison"] = editor.page.url.removeprefix(site.url)
    editor.page.goto("/desk/front")
    editor.page.get_by_role("button", name=re.compile("^Keep here")).first.click()
    expect(editor.page.locator("[data-said]")).to_contain_text("Moved to place 1")
    editor.press("Launch")
    expect(editor.page.locator("[data-said]")).to_contain_text("Launched.")
    editor.page.get_by_role("button", name=re.compile("^Down")).first.click()
    expect(editor.page.locator("[data-said]")).to_contain_text("Moved to place 2")
    editor.page.goto("/desk/stories/new")
    editor.types(headline="For tomorrow morning")
    editor.press("Save draft")
    editor.is_told("Saved.")
    addresses["desk schedule form"] = f"{editor.page.url.removeprefix(site.url)}/schedule"
    editor.page.goto(addresses["desk schedule form"])
    editor.page.get_by_label("Comes out").fill("2099-01-01T06:30")
    editor.press("Schedule")
    editor.is_told("Scheduled.")
    addresses["desk embargo"] = addresses["desk schedule form"].replace("schedule", "embargo")
    addresses["410"] = editor.publishes("Nothing of this is true", "Oman")
    editor.withdraws("None of it.")
    editor.page.goto("/desk/wire/rules/new")
    editor.types(name="Piers", it_says="pier")
    editor.page.get_by_label("Publish: an excerpt goes out by itself").check()
    editor.page.get_by_label("Minutes until it is out").fill("1440")
    editor.press("Save")
    rule = editor.page.locator(".rows a").first.get_attribute("href") or ""
    wire(site, "Kobe opens a pier", "Kobe opens a pier for ferries", "神戸に新しい桟橋")
    editor.page.goto("/desk/wire/sources")
    source = editor.page.locator(".rows a").first.get_attribute("href") or ""
    addresses |= {
        "desk rule": rule,
        "desk source": source,
        "desk take down": f"{source}/withdrawal",
    }
    editor.page.goto("/desk/wire")
    expect(editor.page.get_by_role("heading", name="Going out by a rule")).to_be_visible()
    excerpt = editor.page.get_by_role("link", name=re.compile("^Excerpt")).first
    addresses["desk excerpt"] = excerpt.get_attribute("href") or ""
    editor.page.get_by_text("2 items").click()
    card = editor.page.get_by_role("link", name="This card alone")
    addresses["desk wire card"] = card.get_attribute("href") or ""
    editor.page.goto("/desk/stories/new")
    editor.types(headline="Not saved yet", body="Nor this.")
    expect(editor.kept).to_contain_text("Not saved yet")
    editor.page.goto("/desk/stories")  # which offers it, as the pages do that are looked at
    different = editor.page.get_by_role("link", name="What is different").first
    addresses["desk unsaved"] = different.get_attribute("href") or ""
    editor.page.goto("/desk/photos")
    picture = editor.page.locator(".plates a").first
    addresses["desk picture"] = picture.get_attribute("href") or ""
    site.catches_up(addresses["410"])
    return addresses


def _link(site: Site, page: str, words: str) -> str:
    link = re.search(rf'href="([^"]+)"[^>]*>{re.escape(words)}', unescape(site.get(page)[2]))
    assert link, f"nothing on {page} leads to {words}"
    return page + link[1] if link[1].startswith("?") else link[1]


def wire(site: Site, *titles: str) -> None:
    """A feed with these items, and one that fails."""
    with FarEnd() as far_end:
        items = "".join(
            f"<item><title>{title}</title><link>https://kobe.example/{quote(title)}</link>"
            f"<description>{title}, as it was announced.</description></item>"
            for title in titles
        )
        feed = f'<rss version="2.0"><channel><title>Kobe</title>{items}</channel></rss>'

        good = far_end.serve(feed.encode(), "/good", Content_Type="application/rss+xml")
        bad = far_end.serve(b"", "/bad", status="500 Oh")
        here = {"WIRE_ALLOWED_HOSTS": far_end.host}
        for url in (good, bad):
            site.command("wire", "add", url, "--section", "japan", "--anyway", **here)
        site.command("wire", "fetch", "--all", **here)
        far_end.shutdown()
