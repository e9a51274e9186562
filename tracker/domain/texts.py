"""Text for places that take one clean line: calendar titles, mail subjects."""

import re
import unicodedata

# Line and paragraph separators count as blanks; every other control, and halves of surrogate pairs, are dropped.
_BLANKS = re.compile(r"[\s\x00\x85\u2028\u2029]+")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Marks that turn the direction of everything after them (Unicode Bidirectional Algorithm, section 2).
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
ELLIPSIS = "…"
# A word this long at the cut is cut itself: going back to the last blank would lose too much.
LONGEST_TAIL = 40


def one_line(text: str) -> str:
    """`text` composed (NFC), on one line, without control characters, every run of white space as one blank."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))).strip()


def paragraphs(text: str) -> str:
    """`text` as people typed it, composed (NFC), its line breaks kept, without controls and direction marks."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _TURNING.sub("", _UNPRINTABLE.sub("", lines.replace("\0", ""))).strip()


def utf16_units(text: str) -> int:
    """How many 16-bit units `text` takes: what Outlook counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, most: int) -> str:
    """`text`, or its beginning cut at a word and ended with an ellipsis, in at most `most` UTF-16 units."""
    if utf16_units(text) <= most:
        return text
    room, end = most - len(ELLIPSIS), 0
    while (room := room - utf16_units(text[end])) >= 0:
        end += 1
    blank = text.rfind(" ", 0, end + 1)
    if end - blank <= LONGEST_TAIL and blank > 0:
        end = blank
    while end and _joins(text[end]):
        end -= 1
    return text[:end].rstrip(" ,;:.–-") + ELLIPSIS


def _joins(character: str) -> bool:
    """Whether the character belongs to the one before it: an accent, a variation selector, a joiner."""
    return unicodedata.combining(character) > 0 or character == "\u200d" or "\ufe00" <= character <= "\ufe0f"
