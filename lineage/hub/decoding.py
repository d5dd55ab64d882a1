"""JSON as it comes from elsewhere: read without trust. Pure.

One record that Python's own reader cannot take (an author nested a card a thousand levels deep) must not make the
whole page unreadable: it is read as null, which the parser refuses by itself.
"""

import json
import re

_LONGEST_NUMBER = 400  # digits; Python refuses to read 4,300, and with them the whole text
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{},]', re.DOTALL)


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


_decoder = json.JSONDecoder(parse_int=_whole_number)  # made once: json.loads would make one for each text


def decode(text: str) -> object:
    """What a JSON text says. Raises ValueError where it is no JSON, or nested too deep to read."""
    try:
        value: object = _decoder.decode(text)
        return value
    except RecursionError:
        raise ValueError("nested too deep") from None


def decode_list(text: str) -> list[object]:
    """The elements of a JSON list, null in place of one that is nested too deep.

    Raises ValueError where the text is no list, or a list cut short.
    """
    try:
        value = _decoder.decode(text)
    except RecursionError:
        value = [_or_null(element) for element in _elements(text.strip())]
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


def _or_null(text: str) -> object:
    try:
        return decode(text)
    except ValueError:
        return None


def _elements(text: str) -> list[str]:
    """The texts of a list's elements, cut at the commas between them."""
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError("not a list")
    elements, depth, start = [], 0, 1
    for token in _TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        if (mark == "," and depth == 1) or (mark in "]}" and depth == 0):
            elements.append(text[start : token.start()])
            start = token.end()
        if depth == 0 and token.end() != len(text):
            break
    if depth != 0 or start != len(text):
        raise ValueError("a list cut short")
    return elements
