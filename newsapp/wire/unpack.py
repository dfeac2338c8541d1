"""Compressed answers, unpacked a step at a time, so that a bomb can be cut at any point."""

import zlib
from collections.abc import Iterable, Iterator

import brotli

STEP = 256 * 1024  # bytes that one step may unpack
MEMBERS = 1_000  # of one gzip: a server that packs each of its writes has fewer
GZIP = b"\x1f\x8b"


class DamagedError(ValueError):
    """What came can't be unpacked; the message ends a sentence about the host."""


def unpacked(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The plain bytes, in pieces of at most STEP; DamagedError for what is broken or nested."""
    match encoding.strip().lower():
        case "" | "identity":
            return iter(chunks)
        case "gzip" | "x-gzip" | "deflate":
            return _inflated(chunks)
        case "br":
            return _unbrotlied(chunks)
    raise DamagedError("sends an encoding that was not asked for")


def _unbrotlied(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    try:
        for chunk in chunks:
            if unpacker.is_finished():
                return  # padding
            yield unpacker.process(chunk, output_buffer_limit=STEP)
            # It may hold something back, also when all that came is used up.
            while not unpacker.is_finished():
                piece = unpacker.process(b"", output_buffer_limit=STEP)
                if not piece and unpacker.can_accept_more_data():
                    break
                yield piece
    except brotli.error:
        raise DamagedError("sends damaged compressed data") from None
    if not unpacker.is_finished():
        raise DamagedError("broke off in the middle of the feed")


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting, unpacker, whole = b"", None, 0
    try:
        for chunk in chunks:
            waiting += chunk
            while waiting and (unpacker or len(waiting) > 1):
                if whole and not unpacker and not waiting.startswith(GZIP):
                    return  # padding
                unpacker = unpacker or _unpacker_for(waiting)
                yield from _steps(unpacker, waiting)
                waiting = unpacker.unused_data
                if unpacker.eof:  # another member may follow
                    unpacker, whole = None, whole + 1
                    if whole > MEMBERS:
                        raise DamagedError("sends compressed data in too many parts")
    except zlib.error:
        raise DamagedError("sends damaged compressed data") from None
    if unpacker or not whole:
        raise DamagedError("broke off in the middle of the feed")


def _steps(unpacker: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    yield (piece := unpacker.decompress(data, STEP))
    # A full piece may have left more inside, even when all that came is used up.
    while not unpacker.eof and (unpacker.unconsumed_tail or len(piece) == STEP):
        yield (piece := unpacker.decompress(unpacker.unconsumed_tail, STEP))


def _unpacker_for(head: bytes) -> "zlib._Decompress":
    if head.startswith(GZIP):
        return zlib.decompressobj(31)
    # "deflate" means zlib's format, but some servers send it raw.
    is_zlib = head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0
    return zlib.decompressobj(15 if is_zlib else -15)
