"""The security headers that every answer carries."""

import re
from collections.abc import Iterable

from flask import Flask, Response

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HOST = re.compile(r"[a-z0-9.-]+")  # and nothing that a policy could read as more
HSTS = "max-age=31536000"


def policy(
    base: str, frames: Iterable[str] = (), files: Iterable[str] = (), pieces: bool = False
) -> str:
    """A page's policy, on which frames of these hosts may stand and files of those play, too.

    What comes in `pieces` comes from wherever its list says, and is put together in the page.
    """
    rules = {"frame-src": _hosts(frames), "media-src": _hosts(files)}
    if pieces:
        rules["media-src"] = ["https:", "blob:"]
        base = base.replace("connect-src 'self'", "connect-src 'self' https:")
    return "; ".join([base, *(f"{name} {' '.join(them)}" for name, them in rules.items() if them)])


def _hosts(found: Iterable[str]) -> list[str]:
    return sorted(f"https://{host}" for host in set(found) if _HOST.fullmatch(host))


def init_app(app: Flask) -> None:
    """Sets them where a view has not set its own; no answer is kept unless it says so."""
    https = app.config["PUBLIC_URL"].startswith("https://")

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
