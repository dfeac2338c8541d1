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
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911,
         "R": 2018, "H": 1988, "S": 1925}  # fmt: skip
_ZONES = {
    "JST": "+0900", "KST": "+0900", "WIT": "+0900", "HKT": "+0800", "SGT": "+0800",
    "MYT": "+0800", "PHT": "+0800", "WITA": "+0800", "ICT": "+0700", "WIB": "+0700",
    "MMT": "+0630", "BDT": "+0600", "NPT": "+0545", "IST": "+0530", "PKT": "+0500",
    "GST": "+0400", "IRST": "+0330", "Z": "+0000", "GMT": "+0000", "UTC": "+0000",
    "EST": "-0500", "EDT": "-0400", "PST": "-0800", "PDT": "-0700",
}  # fmt: skip
_THAI = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
)
_OTHERS = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "jan feb mar apr mei jun jul agu sep okt nov des",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
)


def _numbered(*lines: str) -> dict[str, int]:
    return {name: n for line in lines for n, name in enumerate(line.split(), start=1)}


_THAI_MONTHS = _numbered(*_THAI)
_MONTHS = _numbered(*_OTHERS) | _THAI_MONTHS
_OFFSET = re.compile(r"(GMT\s*|UTC\s*|(?<=[\s\d]))([+-])(\d{1,2})(?::?(\d{2}))?$")
_NAMED = re.compile(r"\b([A-Z]{1,4})$")
_HALF = re.compile(r"(?<=[\d\s])([ap])\.?m\b\.?", re.IGNORECASE)
_LATE = ("午後", "下午", "오후", "p")
_TIME = re.compile(
    r"(?P<half>午前|午後|上午|下午|오전|오후)?\s*(?<!\d)(?P<h>\d{1,2})"
    r"(?:\s*[:.時时시点點]\s*(?P<m>\d{1,2})?(?:\s*[:.分분]\s*(?P<s>\d{1,2})?)?"
    r"\s*(?P<after>[ap]m\b)?|\s*(?P<alone>[ap]m\b))"
)
_NAME = r"(?P<name>[^\W\d][^\s\d,]*)"
_DATES = tuple(
    map(
        re.compile,
        (
            r"(?P<era>令和|平成|昭和|民國|民国|\b[RHS])?\s*(?P<y>\d{1,4}|元)\s*[年년]"
            r"\s*(?P<mo>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]",
            r"\b(?P<era>[RHS])\s?(?P<y>\d{1,2})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
            r"(?<!\d)(?P<y>\d{4})[-/.] ?(?P<mo>\d{1,2})[-/.] ?(?P<d>\d{1,2})(?!\d)",
            # In the order of all of Asia; the few who put the month first are read by the next.
            r"(?<!\d)(?P<d>\d{1,2})[-/.](?P<mo>0?[1-9]|1[0-2])[-/.](?P<y>\d{4})(?!\d)",
            r"(?<!\d)(?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})(?!\d)",
            r"(?P<d>\d{1,2}) tháng (?P<mo>\d{1,2}),? (?:năm )?(?P<y>\d{4})(?!\d)",
            rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME},?[ -]"
            r"(?:พ\.ศ\. ?)?(?P<y>\d{4}|\d\d(?![\d:]))(?!\d)",
            rf"{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)",
        ),
    )
)
_COMPACT = re.compile(r"(\d{8})(\d{4}(?:\d\d)?)$")
_YEAR = re.compile(r"(?<!\d)(2[456]\d\d)(?!\d)")
# In full, where a year stands: a time or an offset may be written alike.
_UNSET = re.compile(
    r"^-?00\d\d[-/.年년]|(?<![\d/.-])\d\d?[-/.]\d\d?[-/.]00\d\d(?!\d)|"
    r"(?<![\d:.])\d\d? [^\W\d]{3,}\.?,? -?00\d\d(?![\d:])"
)


def moment(parsed: struct_time | None) -> datetime | None:
    """The moment of a date that is UTC already."""
    try:
        return _sane(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def unset(text: str) -> bool:
    """Whether a date is what systems write that have none: of the year 1, or one near it."""
    return bool(_UNSET.search(_plain(text[:100])))


def moment_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment of a date as ISO 8601 or RFC 5322 writes it, or as people do: in the order of
    their country, with its names of months, by the hours of half a day; or of seconds since 1970.

    In whatever digits, with years of the common era, the Buddha's or a Japanese or Taiwanese era.
    A date without a zone is of `zone`.
    """
    text = _plain(text[:100])
    if _UNSET.search(text):
        return None
    for read in (datetime.fromisoformat, _rfc_date, _written_date, _epoch):
        try:
            found = read(text)
            return _sane(found.replace(tzinfo=found.tzinfo or zone).astimezone(UTC))
        except (ValueError, OverflowError, TypeError, IndexError, KeyError, OSError):
            continue
    return None


def _plain(text: str) -> str:
    """The date in ASCII digits, its zone as an offset, its year the common era's."""
    digits = (str(unicodedata.decimal(char, char)) for char in text.strip())
    text = " ".join("".join(digits).replace("(", " ").replace(")", " ").split())
    # Before it is a date: the Buddha's leap years are others.
    text = _YEAR.sub(lambda match: str(_common(int(match[1]))), text)
    text = _HALF.sub(lambda match: f"{match[1].lower()}m", text)
    if named := _NAMED.search(text):
        offset = _ZONES.get(named[1])
        return text[: named.start()] + offset if offset and named.start() else text
    # What looks like an offset may be the end of a date.
    if (offset_ := _OFFSET.search(text)) and (offset_[1] or ":" in text[: offset_.start()]):
        _, sign, hours, minutes = offset_.groups()
        return f"{text[: offset_.start()].rstrip()} {sign}{hours:0>2}{minutes or '00'}"
    return text


def _common(year: int) -> int:
    return year - 543 if year in _BUDDHIST else year


def _rfc_date(text: str) -> datetime:
    if _HALF.search(text):
        raise ValueError("it would be read as of the morning")
    return parsedate_to_datetime(re.sub(r"(:\d\d)\.\d+", r"\1", text.rpartition(",")[2]).strip())


def _epoch(text: str) -> datetime:
    if not re.fullmatch(r"\d{10}|\d{13}", text, re.ASCII):
        raise ValueError("no seconds")
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _written_date(text: str) -> datetime:
    """A date such as 令和8年3月1日 午後8時5分, 2026/03/01 20:05 or 1 มีนาคม 2026 08:05 น."""
    text = _COMPACT.sub(r"\1 \2", text)
    if compact := re.match(r"(\d{4})(\d\d)(\d\d) (\d\d)(\d\d)(\d\d)?$", text):
        return datetime(*(int(part or 0) for part in compact.groups()))  # type: ignore[arg-type]
    match = next(filter(None, (pattern.search(text) for pattern in _DATES)), None)
    if match is None:
        raise ValueError("no date")
    parts = match.groupdict()
    name = (parts.get("name") or "").lower()
    month = int(parts["mo"]) if "mo" in parts else _month(name)
    year = 1 if parts["y"] == "元" else int(parts["y"])
    if parts.get("era"):
        year += _ERAS[parts["era"]]
    elif year < 100:  # as RFC 5322 has it, but of the Buddha's in Thai
        year += 2500 - 543 if name in _THAI_MONTHS else 2000 if year < 69 else 1900
    time = _TIME.search(text[match.end() :]) or _TIME.search(text[: match.start()])
    offset = re.search(r" [+-]\d{4}$", text)
    zone = datetime.strptime(offset[0].strip(), "%z").tzinfo if offset else None
    return datetime(year, month, int(parts["d"]), *_clock(time), tzinfo=zone)


def _month(name: str) -> int:
    return _MONTHS.get(name) or _MONTHS[name.rstrip(".")]


def _clock(time: re.Match[str] | None) -> tuple[int, int, int]:
    """Hour, minute and second; midnight where no time is said."""
    if time is None:
        return 0, 0, 0
    hour, half = int(time["h"]), time["half"] or (time["after"] or time["alone"] or "")[:1]
    if half:
        hour = hour % 12 + (12 if half in _LATE else 0)
    return hour, int(time["m"] or 0), int(time["s"] or 0)


def _sane(found: datetime) -> datetime | None:
    if found.year in _BUDDHIST:
        found = found.replace(year=_common(found.year))
    # Years of other eras and of calendars that start elsewhere say nothing here.
    return found if found.year >= 1970 else None
