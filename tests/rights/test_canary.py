"""After an erasure and thirty harvests that still serve the account, no byte of its names is left anywhere."""

import base64
import os
import re

import pytest
import redis

from tests.rights.canary import OURS
from tests.rights.cluster import cluster, programs
from tests.rights.installation import left, lived

MODULE = "tests.rights.canary"


def hits(*bodies):
    return [word for word in OURS for body in bodies if word.encode() in body.lower()]


@pytest.mark.django_db
def test_no_byte_is_left(tmp_path, surroundings):
    planted, said = lived(MODULE, tmp_path, surroundings)

    assert set(hits(*planted)) >= {OURS[0], OURS[1]}
    assert not hits(said)
    assert not hits(*left(surroundings))
    assert not hits(*queued())


READ = {
    b"list": lambda broker, key: broker.lrange(key, 0, -1),
    b"hash": lambda broker, key: [part for pair in broker.hgetall(key).items() for part in pair],
    b"set": lambda broker, key: broker.smembers(key),
    b"zset": lambda broker, key: broker.zrange(key, 0, -1),
    b"string": lambda broker, key: [broker.get(key)],
}


def queued():
    """Every key of Redis and all that it holds, messages opened."""
    if "REDIS_URL" not in os.environ:
        return []
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        held = [body for key in broker.scan_iter() for body in (key, *READ[broker.type(key)](broker, key))]
    sealed = [text for body in held for text in re.findall(rb'"body": "([A-Za-z0-9+/=]+)"', body)]
    return [*held, *map(base64.b64decode, sealed)]


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL is installed of which to start one")
def test_no_file_of_postgresql_holds_a_byte(tmp_path, own):
    """Tables, samples, indexes, logs: the whole data directory, when the server has written everything down."""
    with cluster() as (address, data):
        planted, _said = lived(MODULE, tmp_path, own | {"DATABASE_URL": address})
        assert set(hits(*planted)) >= {OURS[0], OURS[1]}
        assert [path.name for path in data.rglob("*") if path.is_file() and hits(path.read_bytes())] == []
