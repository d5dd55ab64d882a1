"""JSON lines with odd lines among them."""

import gzip

import pytest

from lineage.hub import lines
from lineage.hub.lines import CutShort, count_lines, read_lines


@pytest.mark.parametrize(
    ("content", "total", "rows"),
    [
        (b"", 0, []),
        (b"\n\n", 2, []),
        (b'{"id":"a"}', 1, [(1, {"id": "a"})]),
        (b'{"id":"a"}\n\n  \n{"id":"b"}\n', 4, [(1, {"id": "a"}), (4, {"id": "b"})]),
        (b'\xef\xbb\xbf{"id":"a"}\r\n{"id":"b"}\r\n', 2, [(1, {"id": "a"}), (2, {"id": "b"})]),
        (b'nonsense\n{"id":"b"}', 2, [(1, "nonsense\n"), (2, {"id": "b"})]),
        (b'{"id":"a\xff"}\n', 1, [(1, {"id": "a\ufffd"})]),
        (b'{"id":"a\x00"}\n7\n', 2, [(1, '{"id":"a\x00"}\n'), (2, 7)]),
    ],
)
def test_lines_are_read_and_counted(tmp_path, content, total, rows):
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    assert count_lines(path) == total
    assert list(read_lines(path)) == rows
    zipped = tmp_path / "x.jsonl.gz"
    zipped.write_bytes(gzip.compress(content))
    assert count_lines(zipped) is None
    assert list(read_lines(zipped)) == rows


def test_reading_begins_at_any_line(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"0\n1\n\n3\n4")
    assert [list(read_lines(path, start)) for start in (0, 2, 4, 5, 99)] == [
        [(1, 0), (2, 1), (4, 3), (5, 4)],
        [(4, 3), (5, 4)],
        [(5, 4)],
        [],
        [],
    ]


def test_a_line_too_long_is_one_row_and_never_held_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"1\n" + b'"' + b"x" * 95 + b'"\n' + b"123456789\n" + b"12345678901\n2")
    rows = list(read_lines(path))
    assert [number for number, _ in rows] == [1, 2, 3, 4, 5]
    assert [row for _, row in rows] == [1, '"' + "x" * 10, 123456789, "12345678901", 2]
    assert count_lines(path) == 5


def test_a_line_nested_too_deep_comes_as_text(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"[" * 50_000 + b"]" * 50_000 + b'\n{"id": "b"}')
    (_, deep), (_, record) = read_lines(path)
    assert isinstance(deep, str)
    assert record == {"id": "b"}


@pytest.mark.parametrize("spoil", [lambda data: data[:-12], lambda data: data[:40] + b"\x00" * 9 + data[49:]])
def test_a_damaged_gzip_is_cut_short(tmp_path, spoil):
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(spoil(gzip.compress(b"".join(b"%d\n" % (number**3) for number in range(5000)))))
    with pytest.raises(CutShort):
        list(read_lines(path))
