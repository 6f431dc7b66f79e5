"""Reads the blocks of blocks.mjs with pyarrow and checks every value."""

import math
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgpack
import pyarrow as pa

folder = Path(sys.argv[1])
epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)


def streams(name):
    """Every IPC stream of a block, validated."""
    source = pa.BufferReader((folder / f"{name}.arrow").read_bytes())
    tables = []
    while source.tell() < source.size():
        with pa.ipc.open_stream(source) as reader:
            table = reader.read_all()
        table.validate(full=True)
        tables.append(table)
    return tables


def values(name):
    return [value for table in streams(name) for value in table.column("value").to_pylist()]


def pairs(name):
    return [tuple(row.values()) for table in streams(name) for row in table.to_pylist()]


def check_floats():
    found = values("float64")
    assert found == [1.5, 0.0, math.inf, 1e300], found
    assert math.copysign(1, found[1]) == -1


def check_any():
    field = streams("any")[0].schema.field("value")
    assert field.metadata[b"ARROW:extension:name"] == b"gloam.msgpack", field.metadata
    found = [msgpack.unpackb(value) for value in values("any")]
    assert found == [1, "text", [1, None, {"a": True}], -7.5, None], found


def check_undefinable():
    found = values("undefinable")
    assert found == [
        {"value": 1, "undefined": False},
        {"value": None, "undefined": True},
        {"value": None, "undefined": False},
        {"value": 4, "undefined": False},
    ], found


def check_types():
    types = {name: str(streams(name)[0].schema.field("value").type) for name in ("int32", "int64", "timestamp", "lists")}
    assert types == {
        "int32": "int32",
        "int64": "int64",
        "timestamp": "timestamp[ms, tz=UTC]",
        "lists": "list<item: int32 not null>",
    }, types


def check_many():
    tables = streams("many")
    assert sum(table.num_rows for table in tables) == 100_000
    assert pairs("many") == [(f"key {i}", i) for i in range(100_000)]


def check_several():
    assert [table.column("value").to_pylist() for table in streams("several")] == [[1, 2, 3], ["a"]]


def check_metadata():
    schema = streams("pairs")[0].schema
    assert schema.metadata[b"gloam.rows"] == b"tuple", schema.metadata
    assert streams("nested")[0].schema.field("1").metadata[b"gloam.kind"] == b"tuple"


def equal(found, expected):
    assert found == expected, f"{found} instead of {expected}"


checks = {
    "int32": lambda: equal(values("int32"), [1, -2, 2147483647]),
    "float64": check_floats,
    "int64": lambda: equal(values("int64"), [1, -(2**63), 2**63 - 1]),
    "boolean": lambda: equal(values("boolean"), [i % 3 == 0 for i in range(19)]),
    "ascii": lambda: equal(values("ascii"), ["a", "", "word"]),
    "utf8": lambda: equal(values("utf8"), ["ä", "日本語", "🙂", "plain"]),
    "timestamp": lambda: equal(
        values("timestamp"),
        [epoch, epoch - timedelta(milliseconds=1), datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=timezone.utc)],
    ),
    "binary": lambda: equal(values("binary"), [b"\x00\xff", b""]),
    "nulls": lambda: equal(values("nulls"), [None, None, None]),
    "nullable": lambda: equal(values("nullable"), [None if i % 4 == 1 else i for i in range(20)]),
    "nullable text": lambda: equal(values("nullable_text"), ["a", None, "c"]),
    "undefinable": check_undefinable,
    "pairs": lambda: equal(pairs("pairs"), [("a", 1), ("b", 2.5)]),
    "nested": lambda: equal(pairs("nested"), [(1, {"0": "x", "1": True}), (2, {"0": "y", "1": False})]),
    "lists": lambda: equal(values("lists"), [[1, 2, 3], [], [4]]),
    "lists of pairs": lambda: equal(
        values("lists_of_pairs"), [[{"0": "a", "1": 1}, {"0": "b", "1": 2}, {"0": "c", "1": 3}], []]
    ),
    "nullable lists": lambda: equal(values("nullable_lists"), [["a"], None, ["b", None, "c"]]),
    "objects": lambda: equal(
        pairs("objects"), [("x", 1, ["p", "q", "r"], {"deep": True}), ("y", None, [], {"deep": False})]
    ),
    "any": check_any,
    "empty": lambda: equal(values("empty"), []),
    "many": check_many,
    "several streams": check_several,
    "types": check_types,
    "metadata": check_metadata,
}

failed = 0
for name, check in checks.items():
    try:
        check()
    except Exception as error:
        failed += 1
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
