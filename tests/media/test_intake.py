"""What comes in as a picture: real files of every kind, and what only pretends to be one."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsapp.media import darkroom, intake, renditions, workshop
from newsapp.media.intake import Texts, Unfit, take_in
from newsapp.media.workshop import NotNow, Refused

Files = Callable[[str], list[Path]]


@pytest.fixture
def files(shared_data: Path) -> Files:
    """The shared pictures of a kind."""
    return lambda kind: sorted((shared_data / "images" / kind).iterdir())


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """A file with this image: `written(image, "JPEG", quality=90)`."""

    def write(image: Image.Image, kind: str, **options: object) -> Path:
        path = tmp_path / f"sent.{kind.lower()}"
        image.save(path, kind, **options)
        return path

    return write


@pytest.mark.parametrize(
    ("kind", "known"),
    [("photos", 11), ("exif-orientation", 19), ("modern", 11), ("animated", 2), ("colour", 1)],
)
def test_real_pictures_of_every_kind_come_in(files: Files, kind: str, known: int) -> None:
    taken = [take_in(path)[0] for path in files(kind)]
    assert len(taken) >= known
    assert {image.mode for image in taken} == {"RGB"}
    assert all(image.info == {} for image in taken)


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
def test_every_picture_stands_upright(files: Files, shape: str) -> None:
    sizes = {take_in(path)[0].size for path in files("exif-orientation") if shape in path.name}
    assert sizes
    assert all((width > height) == (shape == "Landscape") for width, height in sizes)


@pytest.mark.parametrize(("kind", "known"), [("corrupt", 23), ("bombs", 1), ("sniffing", 2)])
def test_what_is_damaged_or_pretends_is_refused_in_words(
    files: Files, kind: str, known: int
) -> None:
    suspects = files(kind)
    assert len(suspects) >= known
    for path in suspects:
        with pytest.raises(Unfit, match=r"\.$"):
            take_in(path)


def test_what_is_odd_and_whole_comes_in(files: Files) -> None:
    for path in files("odd"):
        if path.suffix not in (".tif", ".jp2"):
            assert take_in(path)[0].mode == "RGB"


def test_programs_that_call_themselves_pictures_are_refused(shared_data: Path) -> None:
    for path in (shared_data / "security" / "uploads").iterdir():
        if path.suffix != ".jpeg":  # a picture with a program beside its pixels, which stays behind
            with pytest.raises(Unfit):
                take_in(path)


def test_a_gif_that_says_very_much_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sent.gif"
    path.write_bytes(b"GIF89a\n\0\n\0\0\0\0!\xfe" + b"\xff" * 256 * 40_000 + b"\0;")
    with pytest.raises(Unfit, match="damaged"):
        take_in(path)


def test_an_animation_of_very_many_frames_is_refused(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FRAMES", 20)
    for kind in ("GIF", "PNG", "WEBP"):
        frames = [Image.new("RGB", (8, 8), (number * 8, 0, 0)) for number in range(30)]
        path = written(frames[0], kind, save_all=True, append_images=frames[1:])
        with pytest.raises(Unfit, match="too many frames"):
            take_in(path)


@pytest.mark.parametrize(("name", "content"), [
    ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    ("a.png", b"<!doctype html><script>alert(1)</script>"),
    ("a.gif", b"%PDF-1.7"), ("a.webp", b""), ("a.jpg", b"\xff\xd8\xff"),
    ("a.tif", b"II*\x00\x08\x00\x00\x00"),
])  # fmt: skip
def test_a_name_makes_no_picture(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unfit):
        take_in(path)


@pytest.mark.parametrize("part", [0.6, 0.99])
def test_a_phone_s_picture_that_is_not_whole_is_refused(
    files: Files, tmp_path: Path, part: float
) -> None:
    [phone] = [path for path in files("modern") if path.name == "heif-xiaomi.heic"]
    whole = phone.read_bytes()
    (tmp_path / "sent.heic").write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(Unfit, match="not complete"):
        take_in(tmp_path / "sent.heic")


@pytest.mark.parametrize("size", [(20_000, 20_000), (60_000, 10)])
def test_a_bomb_is_refused_before_it_is_decoded(
    written: Callable[..., Path], size: tuple[int, int]
) -> None:
    path = written(Image.new("1", size), "PNG")
    with pytest.raises(Unfit, match="pixels"):
        take_in(path)


def test_what_the_file_carries_stays_behind(written: Callable[..., Path]) -> None:
    exif = Image.Exif()
    exif[271], exif[315], exif[270] = "A camera", "Rosa Lim", "A pier\nin  Kobe"
    exif.get_ifd(34853)[2] = (34.0, 41.0, 0.0)
    path = written(Image.new("RGB", (64, 48), "teal"), "JPEG", exif=exif, comment=b"<script>")
    image, texts = take_in(path)
    assert texts == Texts(caption="A pier in Kobe", credit="Rosa Lim")
    data = io.BytesIO()
    image.save(data, "JPEG")
    assert b"camera" not in data.getvalue() and b"script" not in data.getvalue()
    assert not image.getexif()


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
  xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="Asian-News.net"
  xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><Iptc4xmpCore:AltTextAccessibility><rdf:Alt>
  <rdf:li xml:lang="x-default">A ferry leaves a pier</rdf:li></rdf:Alt>
  </Iptc4xmpCore:AltTextAccessibility><dc:creator><rdf:Seq><rdf:li>Rosa Lim</rdf:li></rdf:Seq>
  </dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_what_print_asks_of_a_picture_is_taken_from_it(written: Callable[..., Path]) -> None:
    _, texts = take_in(written(Image.new("RGB", (64, 48)), "JPEG", xmp=XMP.encode()))
    assert texts == Texts(alt="A ferry leaves a pier", credit="Rosa Lim / Asian-News.net")


@pytest.mark.parametrize("words", [
    "KONICA MINOLTA DIGITAL CAMERA", "OLYMPUS DIGITAL CAMERA", "SAMSUNG CAMERA PICTURES",
    "SONY DSC", "Exif_JPEG_PICTURE",
])  # fmt: skip
def test_what_a_camera_says_of_every_picture_is_no_caption(
    written: Callable[..., Path], words: str
) -> None:
    exif = Image.Exif()
    exif[270] = words
    assert take_in(written(Image.new("RGB", (64, 48)), "JPEG", exif=exif))[1] == Texts()


def test_colours_of_another_profile_are_kept_right(written: Callable[..., Path]) -> None:
    # Grey of the same look has other numbers in a profile with another curve.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    lab = Image.new("LAB", (8, 8), (128, 128, 128))
    path = written(lab, "TIFF", icc_profile=profile.tobytes())
    with pytest.raises(Unfit):
        take_in(path)  # TIFF is none of ours, whatever is in it
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image, _ = take_in(written(Image.new("RGB", (8, 8), (200, 30, 60)), "PNG", icc_profile=srgb))
    assert image.getpixel((0, 0)) == (200, 30, 60)


def test_what_is_seen_through_stands_on_white(written: Callable[..., Path]) -> None:
    image, _ = take_in(written(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "LA", "I;16"])
def test_what_is_made_plain_in_strips_has_no_seams(
    written: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    drawn = Image.linear_gradient("L").rotate(30).convert("RGB" if mode == "P" else "L")
    path = written(drawn.convert("L").convert(mode) if mode != "P" else drawn.quantize(), "PNG")
    whole, _ = take_in(path)
    for module in (intake, renditions):
        monkeypatch.setattr(module, "STRIP", 7)
    strips, _ = take_in(path)
    assert strips.tobytes() == whole.tobytes()
    name = hashlib.sha256(f"{whole.size}".encode() + whole.tobytes()).hexdigest()[:32]
    assert renditions.name_of(strips) == name


# --- the workshop -------------------------------------------------------------------------------


def test_a_picture_is_made_at_once_in_what_pages_need_first(
    written: Callable[..., Path], tmp_path: Path
) -> None:
    gradient = Image.linear_gradient("L").resize((2000, 1200)).convert("RGB")
    sent = written(gradient, "JPEG", quality=90)
    made = workshop.take_in(sent, tmp_path / "made")
    assert (made.width, made.height, made.colour) == (2000, 1200, "888")
    assert {path.name for path in (tmp_path / "made").iterdir()} == {
        f"{width}.{kind}" for width in (320, 640, 960, 1280, 1600, 1920)
        for kind in ("webp", "jpg")
    }  # fmt: skip
    assert workshop.take_in(sent, tmp_path / "again") == made


def test_the_rest_follows_when_there_is_time(written: Callable[..., Path], tmp_path: Path) -> None:
    tall = Image.linear_gradient("L").resize((400, 700)).convert("RGB")
    colour = workshop.finish(written(tall, "PNG"), tmp_path / "made", (50, 0))
    made = {}
    for path in (tmp_path / "made").rglob("*.*"):
        with Image.open(path) as image:
            made[str(path.relative_to(tmp_path / "made"))] = image.size
    assert made == {"320.avif": (320, 560)} | {
        f"3x2-50-0/320.{kind}": (320, 214) for kind in ("avif", "webp", "jpg")
    }
    assert colour == "888"


def test_what_takes_too_long_may_be_sent_again(
    written: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "SECONDS", 0.01)
    with pytest.raises(NotNow, match="Send it again") as told:
        workshop.take_in(written(Image.new("RGB", (8, 8)), "PNG"), tmp_path / "made")
    assert told.value.after == 0  # not by itself


def test_two_are_opened_at_once_one_waits_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(darkroom, "TURN", 30.0)
    turns = darkroom.Turns(2, waiting=1)
    with ThreadPoolExecutor(2) as pool:
        with turns.turn(), turns.turn():
            others = {pool.submit(turns.turn().__enter__) for _ in range(2)}
            [told], [waiting] = wait(others, return_when=FIRST_COMPLETED)
            assert isinstance(told.exception(), NotNow)
        waiting.result()


def test_who_waits_for_a_turn_waits_for_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkroom, "TURN", 0.01)
    turns = darkroom.Turns(1, waiting=1)
    with turns.turn(), pytest.raises(NotNow), turns.turn():
        pass
    with turns.turn():
        pass


def test_what_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(b"no picture")
    with pytest.raises(Refused, match="no picture that we know"):
        workshop.take_in(tmp_path / "sent", tmp_path / "made")
    assert not (tmp_path / "made").exists()
