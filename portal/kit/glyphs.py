"""Which characters the installed fonts can draw: read from the fonts' own character maps, formats 4 and 12.

Only the table that maps Unicode to glyphs is read. A file that cannot be read counts as drawing nothing.
"""

import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

LATIN_END = 0x24F
"""Up to here the fonts that the typesetter brings along draw everything printable."""


def missing(text: str, font_files: Iterable[str]) -> str:
    """The characters of `text` that none of the fonts can draw, each once, in order."""
    wanted = {character for character in text if ord(character) > LATIN_END and not character.isspace()}
    for path in sorted(set(font_files)):
        if not wanted:
            break
        wanted -= {character for character in wanted if _draws(path, ord(character))}
    return "".join(sorted(wanted))


def _draws(path: str, code: int) -> bool:
    return any(first <= code <= last for first, last in _ranges(path))


@lru_cache(maxsize=64)
def _ranges(path: str) -> tuple[tuple[int, int], ...]:
    """The ranges of characters of the first font in a file."""
    try:
        data = Path(path).read_bytes()
        start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
        return tuple(_character_map(data, start))
    except (OSError, struct.error):
        return ()


def _character_map(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    for number in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _checksum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag != b"cmap":
            continue
        for entry in range(struct.unpack_from(">H", data, offset + 2)[0]):
            table = offset + struct.unpack_from(">HHI", data, offset + 4 + 8 * entry)[2]
            kind = struct.unpack_from(">H", data, table)[0]
            if kind == 12:
                groups = struct.unpack_from(">I", data, table + 12)[0]
                for group in range(groups):
                    first, last, _glyph = struct.unpack_from(">III", data, table + 16 + 12 * group)
                    yield first, last
            elif kind == 4:
                yield from _segments(data, table)


def _segments(data: bytes, table: int) -> Iterator[tuple[int, int]]:
    """Format 4: parallel lists of last and first characters."""
    count = struct.unpack_from(">H", data, table + 6)[0] // 2
    lasts = struct.unpack_from(f">{count}H", data, table + 14)
    firsts = struct.unpack_from(f">{count}H", data, table + 16 + 2 * count)
    yield from ((first, last) for first, last in zip(firsts, lasts, strict=True) if first != 0xFFFF)
