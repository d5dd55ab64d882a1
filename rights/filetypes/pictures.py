"""PNG and JPEG pictures: their structure walked, never decoded. Pure."""

from rights.filetypes.faults import BadFile, FileFault

MOST_PIXELS = 200_000_000  # what takes a viewer's memory: a scan at 600 dpi of A3 has 70 million
PNG_SIGN = b"\x89PNG\r\n\x1a\n"
JPEG_SIGN = b"\xff\xd8\xff"
PNG_START, PNG_FRAME = len(PNG_SIGN), 12
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
NO_FRAMES = frozenset({0xC4, 0xC8, 0xCC})  # between the markers that say how large it is
START_OF_SCAN, END_OF_IMAGE = 0xDA, b"\xff\xd9"


def check_png(content: bytes) -> None:
    """Raises BadFile where it is no whole PNG, where something follows it, and where it is too large to be shown."""
    place, first = PNG_START, True
    while place + PNG_FRAME <= len(content):
        length, kind = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        if first:
            _check_header(kind, length, content[place + 8 : place + 16])
        place, first = place + PNG_FRAME + length, False
        if kind == b"IEND":
            if place < len(content):
                raise BadFile(FileFault.AMBIGUOUS)
            if place == len(content):
                return
    raise BadFile(FileFault.BROKEN)


def check_jpeg(content: bytes) -> None:
    """Raises BadFile where it is no whole JPEG, and where it is too large to be shown."""
    place, pixels = 2, 0
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in STANDALONE or marker == 0xFF:  # 0xFF may fill
            place += 1 if marker == 0xFF else 2
            continue
        if marker == START_OF_SCAN:
            return _check_end(content, place, pixels)
        if 0xC0 <= marker <= 0xCF and marker not in NO_FRAMES:
            pixels = _pixels(content[place + 7 : place + 9], content[place + 5 : place + 7])
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    raise BadFile(FileFault.BROKEN)


def _check_header(kind: bytes, length: int, size: bytes) -> None:
    if kind != b"IHDR" or length != 13:
        raise BadFile(FileFault.BROKEN)
    _check_pixels(_pixels(size[:4], size[4:]))


def _check_end(content: bytes, place: int, pixels: int) -> None:
    _check_pixels(pixels)
    if content.find(END_OF_IMAGE, place) < 0:
        raise BadFile(FileFault.BROKEN)


def _check_pixels(pixels: int) -> None:
    if not pixels:
        raise BadFile(FileFault.BROKEN)
    if pixels > MOST_PIXELS:
        raise BadFile(FileFault.BOMB)


def _pixels(width: bytes, height: bytes) -> int:
    return int.from_bytes(width, "big") * int.from_bytes(height, "big")
