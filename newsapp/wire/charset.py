"""Which encoding a feed really has: what it says of itself is a hint, its bytes decide."""

import codecs
import re

# As browsers read the names: what is called the left one is written as the right one.
_ALIASES = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "iso8859-9": "cp1254",
    "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "big5": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
# Names that browsers know and Python does not.
_NICKNAMES = {
    "unicode-1-1-utf-8": "utf-8", "dos-874": "cp874", "windows-874": "cp874",
    "windows-31j": "cp932", "sjis-win": "cp932", "cseucpkdfmtjapanese": "euc_jp",
    "csgb2312": "gbk", "gb_2312": "gbk", "gb_2312-80": "gbk", "cn-big5": "big5", "x-big5": "big5",
    "cseuckr": "cp949", "csksc56011987": "cp949", "iso-ir-149": "cp949", "ksc_5601": "cp949",
    "ks_c_5601-1989": "cp949", "windows-949": "cp949", "koi": "koi8_r", "koi8-ru": "koi8_u",
    "logical": "iso8859-8", "mac": "mac_roman",
}  # fmt: skip
# Of what Python can decode, what is an encoding of text on the web.
_CHARSETS = re.compile(
    "cp|iso8859|iso2022|koi8|mac|gb|big5|euc|shift|utf-8$|ascii|tis|hz$|johab|hp-roman8"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
# How "<?" or "<r" begins in encodings of two and four bytes a character.
_WIDE = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"), (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"), (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
)  # fmt: skip
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']""")
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
# Quotes, dashes and no-break spaces that the sender encoded twice: "Itâ€™s", "2023Â –".
_TWICE = re.compile(r"â€[^\x00-\x7f]|(?<=[a-z0-9.,;:!?])Â[\s\xa0]")
_GUESSES = (
    "cp1252", "cp1254", "cp1251", "koi8_r", "cp1256", "cp1255", "cp1253", "cp874", "euc_jp",
    "cp932", "cp949", "gb18030", "big5hkscs",
)  # fmt: skip
# Where each standard has its everyday characters: their first byte.
_EVERYDAY = {
    "gb18030": (0xB0, 0xD7), "big5hkscs": (0xA4, 0xC6), "cp932": (0x88, 0x97),
    "euc_jp": (0xB0, 0xCF), "cp949": (0xCA, 0xFD),
}  # fmt: skip
_SAMPLE = 4000  # characters that a guess is judged by


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a feed, readable wherever its bytes are valid in any encoding it may have."""
    return _TWICE.sub(_once, _decode(body, content_type))


def _once(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode()
    except UnicodeError:
        return match[0].lstrip("Â")  # what remains of a no-break space


def _decode(body: bytes, content_type: str) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for pattern, encoding in _WIDE:
        if pattern.match(body):
            return body.decode(encoding, "replace")
    named = _named(body, content_type)
    # Text that happens to be valid UTF-8 is UTF-8, whatever it says; 7 bits prove nothing.
    encodings = named if body.isascii() else ["utf-8", *named]
    for encoding in encodings:
        if (text := _decoded(body, encoding)) is not None:
            return text
    for encoding in ("utf-8", *named):
        if (text := _nearly(body, encoding)) is not None:
            return text
    return _guessed(body)


def _named(body: bytes, content_type: str) -> list[str]:
    """The encodings that header and declaration name, the more credible first."""
    header = _HEADER.search(content_type)
    declared = _DECLARED.match(body)
    names = [
        _codec(header[1]) if header else "",
        _codec(declared[1].decode("ascii")) if declared else "",
    ]
    # "Latin 1" in a header is what servers say that know nothing.
    if names[0] == "cp1252" and names[1]:
        names.reverse()
    return [name for name in dict.fromkeys(names) if name]


def _codec(name: str) -> str:
    """Python's name of an encoding, as browsers understand it; empty for an unknown one."""
    name = name.lower().removeprefix("x-").removesuffix("-i")  # x-sjis, x-gbk, iso-8859-8-i
    try:
        known = codecs.lookup(_NICKNAMES.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    # Encodings of two and four bytes are told by their zeros, so here it can't be one.
    return _ALIASES.get(known, known) if _CHARSETS.match(known) else ""


def _decoded(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except ValueError:
        return None


def _nearly(body: bytes, encoding: str) -> str | None:
    """The text where all but a few characters are valid, as when a summary was cut in one."""
    text = body.decode(encoding, "replace")
    bad = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - bad
    return text if bad * 20 <= foreign else None


def _guessed(body: bytes) -> str:
    found = [(encoding, text) for encoding in _GUESSES if (text := _decoded(body, encoding))]
    if not found:
        return body.decode("latin-1")
    return max(found, key=lambda pair: _plausible(*pair))[1]


def _plausible(encoding: str, text: str) -> float:
    """How much the characters beyond ASCII look like text: 1 at best."""
    found = [i for i, char in enumerate(text[: _SAMPLE * 20]) if not char.isascii()][:_SAMPLE]
    weight = _east_asian if encoding in _EVERYDAY else _alphabetic
    weights = [weight(encoding, text[i], text[i - 1 : i] + text[i + 1 : i + 2]) for i in found]
    return sum(weights) / max(1, len(weights))


def _alphabetic(encoding: str, char: str, around: str) -> float:
    if not char.isalpha() and not "\u0e30" <= char <= "\u0e4e":
        return 0.3 if char in "«»–—“”‘’„…№،؟" or char == "\xa0" else -1
    beside_latin = any(near.isascii() and near.isalpha() for near in around)
    if encoding in ("cp1252", "cp1254"):
        # Accented letters stand among plain ones; those of Iceland are rare.
        rare = char in "ðýþÐÝÞ" and encoding == "cp1252"
        return 0.5 if rare else 0.9 if beside_latin else 0.1
    if beside_latin:
        return -1
    if encoding == "cp1255":
        return 1.01  # what it has letters for, other alphabets have, too, but not the reverse
    # Capitals begin words; in the wrong Cyrillic encoding they fill them.
    return -0.5 if char.isupper() and around[:1].isalpha() else 1


def _east_asian(encoding: str, char: str, around: str) -> float:
    point = ord(char)
    if 0x3000 <= point <= 0x3002 or 0xFF01 <= point <= 0xFF1F:
        return 0.5
    if 0x3041 <= point <= 0x30FC:
        # Chinese encodings have kana too, but Chinese text has none.
        return 1 if encoding in ("cp932", "euc_jp") else -1
    if 0xAC00 <= point <= 0xD7A3:
        return 1.01 if encoding == "cp949" else -1
    low, high = _EVERYDAY[encoding]
    first = char.encode(encoding, "replace")[0]
    return 0.9 if 0x4E00 <= point <= 0x9FFF and low <= first <= high else -1
