"""Dates as feeds write them, as moments; what can't be one is no date at all."""

import calendar
import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from time import struct_time

# Years after the Buddha, 543 ahead, as some Thai and Lao systems write them.
_BUDDHIST = range(2450, 2650)
# The year before the first of each era.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ZONES = {
    "JST": "+0900", "KST": "+0900", "WIT": "+0900", "HKT": "+0800", "SGT": "+0800",
    "MYT": "+0800", "PHT": "+0800", "WITA": "+0800", "ICT": "+0700", "WIB": "+0700",
    "MMT": "+0630", "BDT": "+0600", "NPT": "+0545", "IST": "+0530", "PKT": "+0500",
    "GST": "+0400", "IRST": "+0330", "Z": "+0000",
}  # fmt: skip
_MONTHS = {
    name: number
    for names in (
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
        "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
        "januari februari maret april mei juni juli agustus september oktober november desember",
    )
    for number, name in enumerate(names.split(), start=1)
}
_OFFSET = re.compile(r"(?:(?:GMT|UTC)\s*|(?<=[\s\d]))([+-])(\d{1,2})(?::?(\d{2}))?$")
_NAMED = re.compile(r"\b([A-Z]{1,4})$")
_TIME = (
    r"(?:\D*?(?P<half>午前|午後|上午|下午|오전|오후)?\s*(?P<h>\d{1,2})\s*[:時时시点點]"
    r"\s*(?P<m>\d{1,2})?(?:\s*[:分분]\s*(?P<s>\d{1,2})?)?)?"
)
_EAST = re.compile(
    r"(?P<era>令和|平成|昭和|民國|民国)?\s*(?P<y>\d{1,4}|元)\s*[年년]\s*(?P<mo>\d{1,2})\s*[月월]"
    r"\s*(?P<d>\d{1,2})\s*[日일]" + _TIME
)
_WORDED = re.compile(
    r"(?P<d>\d{1,2})\s+(?P<name>[^\W\d]\S*)\s+(?:พ\.ศ\.\s*)?(?P<y>\d{4})\b" + _TIME
)
_YEAR = re.compile(r"(?<!\d)(2[456]\d\d)(?!\d)")


def moment(parsed: struct_time | None) -> datetime | None:
    """The moment of a date that is UTC already."""
    try:
        return _sane(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def moment_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment of a date as ISO 8601 or RFC 5322 writes it, or East Asia, Thailand, Indonesia.

    In whatever digits, with years of the common era, the Buddha's or a Japanese or Taiwanese era.
    A date without a zone is of `zone`.
    """
    text = _plain(text[:100])
    for read in (datetime.fromisoformat, _rfc_date, _worded_date):
        try:
            found = read(text)
            return _sane(found.replace(tzinfo=found.tzinfo or zone).astimezone(UTC))
        except (ValueError, OverflowError, TypeError, IndexError, KeyError):
            continue
    return None


def _plain(text: str) -> str:
    """The date in ASCII digits, its zone as an offset, its year the common era's."""
    digits = (str(unicodedata.decimal(char, char)) for char in text.strip())
    text = " ".join("".join(digits).split())
    # Before it is a date: the Buddha's leap years are others.
    text = _YEAR.sub(lambda match: str(_common(int(match[1]))), text)
    if named := _NAMED.search(text):
        offset = _ZONES.get(named[1])
        return text[: named.start()] + offset if offset and named.start() else text
    if not re.match(r"\d{4}-\d{2}(-\d{2})?$", text) and (offset_ := _OFFSET.search(text)):
        sign, hours, minutes = offset_.groups()
        return f"{text[: offset_.start()].rstrip()} {sign}{hours:0>2}{minutes or '00'}"
    return text


def _common(year: int) -> int:
    return year - 543 if year in _BUDDHIST else year


def _rfc_date(text: str) -> datetime:
    return parsedate_to_datetime(text.rpartition(",")[2].strip())


def _worded_date(text: str) -> datetime:
    """A date such as 令和8年3月1日 午後8時5分, 2026년 3월 1일 or 1 มีนาคม 2026 08:05 น."""
    match = _EAST.search(text) or _WORDED.search(text)
    if match is None:
        raise ValueError("no date")
    parts = match.groupdict()
    month = int(parts["mo"]) if "mo" in parts else _MONTHS[parts["name"].lower()]
    year = 1 if parts["y"] == "元" else int(parts["y"])
    hour = int(parts["h"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in ("午後", "下午", "오후") else 0)
    offset = re.search(r" [+-]\d{4}$", text)
    zone = datetime.strptime(offset[0].strip(), "%z").tzinfo if offset else None
    return datetime(
        year + _ERAS.get(parts.get("era") or "", 0), month, int(parts["d"]),
        hour, int(parts["m"] or 0), int(parts["s"] or 0), tzinfo=zone,
    )  # fmt: skip


def _sane(found: datetime) -> datetime | None:
    if found.year in _BUDDHIST:
        found = found.replace(year=_common(found.year))
    # Years of other eras and of calendars that start elsewhere say nothing here.
    return found if found.year >= 1970 else None
