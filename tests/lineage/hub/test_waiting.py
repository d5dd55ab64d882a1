"""How long the Hub asks to be left alone."""

import pytest

from lineage.hub.waiting import LONGEST, seconds_to_wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"ratelimit": '"api";r=0;t=55'}, 55),
        ({"ratelimit": '"api";r=00;t=5'}, 5),
        ({"ratelimit": '"api"; r = 0 ; t = 5'}, 5),
        ({"ratelimit": '"api";r=10;t=55'}, None),
        ({"ratelimit": '"api";r=05;t=55'}, None),
        ({"ratelimit": "0"}, None),
        ({"ratelimit": '"api";r=0'}, None),
        ({"ratelimit": '"api";r=0;t=-5'}, None),
        ({"ratelimit": '"api";r=0;t=999999999'}, LONGEST),
        ({"retry-after": "0"}, 0),
        ({"retry-after": " 12 "}, 12),
        ({"retry-after": "9" * 5000}, LONGEST),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 02 Nov 2026 09:00:00 GMT"}, None),
        ({"retry-after": "Mon, 02 Nov 2026 09:00:00 GMT", "date": "Mon, 02 Nov 2026 08:59:00 GMT"}, 60),
        ({"retry-after": "Mon, 02 Nov 2026 09:00:00 GMT", "date": "Mon, 02 Nov 2026 09:59:00 GMT"}, 0),
        ({"retry-after": "Mon, 02 Nov 2026 09:00:00", "date": "Mon, 02 Nov 2026 08:59:00 GMT"}, None),
        ({"retry-after": "Mon, 02 Nov 9999999 09:00:00 GMT", "date": "x"}, None),
        ({"retry-after": "9", "ratelimit": '"api";r=0;t=5'}, 9),
    ],
)
def test_the_headers_say_how_long_to_wait(headers, seconds):
    assert seconds_to_wait(headers) == seconds
