"""Writes the same trajectories with every Parquet writer and option that people use.

    python parquet_writers.py OUT [COUNT] [NAME ...]

Each becomes OUT/<rows>.<writer>.parquet, and the rows that must be read from it are in
OUT/<rows>.jsonl. COUNT: how many rows. With names, only the files of these names.
"""

import datetime
import decimal
import json
import pathlib
import sys
import uuid

import pyarrow as pa
import pyarrow.parquet as pq

OUT = pathlib.Path(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 120
WANTED = sys.argv[3:]

TEXTS = [
    "The answer is \\boxed{204}.",
    "",
    'quotes " and \\ and \n lines \t\r\x00\x1f\x7f',
    "Grüße, 世界 🎉 \u2028 \ufeff",
    "x" * 300,
    "null",
    '{"not": "parsed"}',
]


def text(i):
    return TEXTS[i % len(TEXTS)] + ("" if i % 3 else str(i))


def simple(i):
    row = {
        "id": f"t{i}",
        "task": {"id": f"k{i // 4}", "verifier": "math", "spec": {"answer": str(i)}},
        "response": text(i),
        "policy_step": 2**53 + i,
        "metadata": {"source": "a" if i % 2 else "b", "loss": i / 7, "tags": ["x", None, text(i)]},
    }
    if i % 4 == 0:
        row["group"] = f"g{i}"
    if i % 5 == 0:
        del row["metadata"]["loss"]
    if i % 7 == 0:
        del row["metadata"]
    if i % 3 == 0:
        row["deadline"] = "2031-01-01T00:00:00Z"
    if i % 6 == 0:
        del row["policy_step"]
    return row


def message(i, j):
    if j % 3 == 0:
        return {"role": "user", "content": text(i + j)}
    if j % 3 == 1:
        call = {"name": "search", "arguments": json.dumps({"q": text(i)})}
        return {
            "role": "assistant",
            "reasoning_content": "hm",
            "tool_calls": [{"id": f"c{k}", "type": "function", "function": call} for k in range(i % 3)],
        }
    return {"role": "tool", "tool_call_id": "c0", "content": text(i)}


SPECS = [
    {"answer": "1", "decimals": 2},
    {"answer": "B", "options": ["one", "two", None]},
    {"tests": {"kind": "stdio", "cases": [{"input": "1\n", "output": "2"}, {"input": "", "output": ""}]}},
    {"tests": {"kind": "asserts", "asserts": []}},
]


def rubric(i):
    item = {"verifier": "math", "spec": {"answer": str(i)}, "weight": 0.5}
    if i % 2:
        return {"rubric": [item, {"name": "f", "verifier": "format", "spec": {"rule": "boxed"}, "gate": True}]}
    return {"id": f"k{i}", "verifier": "code", "spec": SPECS[i // 2 % len(SPECS)]}


def conversation(i):
    return {"id": f"m{i}", "task": rubric(i), "messages": [message(i, j) for j in range(1 + i % 9)]}


def group(i):
    rollouts = [{"id": f"r{j}", "response": text(j)} for j in range(i % 5)]
    rollouts.append({"messages": [message(i, j) for j in range(1 + i % 3)], "metadata": {"n": i}})
    return {"group": f"g{i}", "task": simple(i)["task"], "prompt": text(i), "rollouts": rollouts}


def as_json_text(row):
    keys = ("task", "messages", "metadata", "rollouts")
    return {key: json.dumps(value, indent=1) if key in keys else value for key, value in row.items()}


ROWS = {
    "simple": [simple(i) for i in range(COUNT)],
    "messages": [conversation(i) for i in range(COUNT)],
    "groups": [group(i) for i in range(COUNT)],
}
# What is textual JSON may be of a different shape in each row.
MIXED = [(simple, conversation, group)[i % 3](i) for i in range(COUNT)]


def case(rows, writer, expected, write):
    if WANTED and f"{rows}.{writer}" not in WANTED:
        return
    write(str(OUT / f"{rows}.{writer}.parquet"))
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in expected]
    (OUT / f"{rows}.jsonl").write_text("".join(lines))


def with_pyarrow():
    options = {
        "default": {},
        "none": {"compression": "none"},
        "gzip": {"compression": "gzip"},
        "brotli": {"compression": "brotli"},
        "lz4": {"compression": "lz4"},
        "zstd": {"compression": "zstd"},
        "plain": {"use_dictionary": False},
        "v2": {"data_page_version": "2.0"},
        "v2-none": {"data_page_version": "2.0", "compression": "none", "use_dictionary": False},
        "pages": {"data_page_size": 150, "write_batch_size": 3},
        "pages-plain": {"compression": "none", "data_page_size": 400, "use_dictionary": False},
        "pages-v2": {"data_page_size": 150, "write_batch_size": 3, "data_page_version": "2.0"},
        "pages-index": {
            "compression": "none",
            "data_page_size": 150,
            "write_batch_size": 3,
            "write_page_index": True,
        },
        "pages-v2-index": {
            "compression": "zstd",
            "data_page_size": 150,
            "write_batch_size": 3,
            "data_page_version": "2.0",
            "write_page_index": True,
        },
        "small-dictionary": {"dictionary_pagesize_limit": 300, "data_page_size": 400, "write_batch_size": 5},
        "groups": {"row_group_size": 7},
        "groups-pages": {"row_group_size": 50, "data_page_size": 150, "write_batch_size": 3},
        "old-lists": {"use_compliant_nested_type": False},
        "version-1": {"version": "1.0"},
        "checksums": {"write_page_checksum": True},
        "no-statistics": {"write_statistics": False, "store_schema": False},
    }
    for kind, rows in ROWS.items():
        table = pa.Table.from_pylist(rows, schema=schema_of(rows))
        for option, values in options.items():
            case(kind, f"pyarrow-{option}", rows, lambda path: pq.write_table(table, path, **values))
        for encoding in ("DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"):
            for version in ("1.0", "2.0"):
                encodings = {leaf: encoding for leaf in string_leaves(table)}
                case(
                    kind,
                    f"pyarrow-{encoding.lower()}-{version[0]}",
                    rows,
                    lambda path: pq.write_table(
                        table,
                        path,
                        compression="none",
                        use_dictionary=False,
                        column_encoding=encodings,
                        data_page_version=version,
                        data_page_size=2000,
                        write_batch_size=10,
                    ),
                )
        large = table.cast(pa.schema([field.with_type(larger(field.type)) for field in table.schema]))
        case(kind, "pyarrow-large", rows, lambda path: pq.write_table(large, path))
    texts = [as_json_text(row) for row in MIXED]
    table = pa.Table.from_pylist(texts, schema=schema_of(texts))
    case("mixed", "pyarrow-json", MIXED, lambda path: pq.write_table(table, path))
    binary = table.cast(pa.schema([(field.name, larger(field.type, pa.binary())) for field in table.schema]))
    case("mixed", "pyarrow-binary", MIXED, lambda path: pq.write_table(binary, path))
    with_types()


def schema_of(rows):
    """from_pylist looks at the first row's keys alone."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    return pa.schema([(name, pa.array([row.get(name) for row in rows]).type) for name in names])


def string_leaves(table):
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    schema = pq.ParquetFile(pa.BufferReader(sink.getvalue())).schema
    columns = [schema.column(i) for i in range(len(schema))]
    return [one.path for one in columns if one.physical_type == "BYTE_ARRAY"]


def larger(kind, string=None):
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, larger(field.type, string)) for field in kind.fields])
    if pa.types.is_list(kind):
        return pa.large_list(larger(kind.value_type, string))
    if pa.types.is_string(kind):
        return pa.large_string() if string is None else string
    return kind


def with_types():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2031, 2, 3, 4, 5, 6, 789000)
    aware = moment.replace(tzinfo=zone)
    values = {
        "int8": ([-128, None, 127], pa.int8(), None),
        "uint8": ([0, None, 255], pa.uint8(), None),
        "int32": ([-(2**31), None, 2**31 - 1], pa.int32(), None),
        "uint32": ([0, None, 2**32 - 1], pa.uint32(), None),
        "int64": ([-(2**63), None, 2**63 - 1], pa.int64(), None),
        "uint64": ([0, None, 2**64 - 1], pa.uint64(), None),
        "float16": ([0.5, None, -65504.0], pa.float16(), None),
        "float32": ([0.5, None, float("inf")], pa.float32(), [0.5, None, "Infinity"]),
        "float64": ([float("nan"), 1e300, 5e-324], pa.float64(), ["NaN", 1e300, 5e-324]),
        "bool": ([True, None, False], pa.bool_(), None),
        "null": ([None, None, None], pa.null(), None),
        "binary": ([b"text", b"\xff\x00", b""], pa.binary(), ["text", {"base64": "/wA="}, ""]),
        "fixed": ([b"abcd", None, b"\xc3\xa9ab"], pa.binary(4), ["abcd", None, "éab"]),
        "string_view": (["a", None, "b" * 40], pa.string_view(), None),
        "category": (["a", "b", "a"], pa.dictionary(pa.int32(), pa.string()), None),
        "list": ([[1, None], [], None], pa.list_(pa.int64()), None),
        "lists": ([[[1], [], None], [], None], pa.list_(pa.list_(pa.int64())), None),
        "fixed_list": ([[1, 2], [3, 4], None], pa.list_(pa.int64(), 2), None),
        "map": (
            [[("a", 1), ("b", None)], [], None],
            pa.map_(pa.string(), pa.int64()),
            [{"a": 1, "b": None}, {}, None],
        ),
        "int_map": ([[(1, ["x"])], None, []], pa.map_(pa.int32(), pa.list_(pa.string())), [{"1": ["x"]}, None, {}]),
        "structs": (
            [[{"a": 1, "b": None}, None, {}], [], None],
            pa.list_(pa.struct([("a", pa.int64()), ("b", pa.string())])),
            [[{"a": 1}, None, {}], [], None],
        ),
        "decimal": (
            [decimal.Decimal("-0.05"), None, decimal.Decimal("12345678901234567890.12")],
            pa.decimal128(38, 2),
            ["-0.05", None, "12345678901234567890.12"],
        ),
        "small_decimal": (
            [decimal.Decimal("-0.05"), decimal.Decimal("0"), decimal.Decimal("99.99")],
            pa.decimal128(4, 2),
            ["-0.05", "0.00", "99.99"],
        ),
        "large_decimal": (
            [decimal.Decimal(10**70), None, decimal.Decimal(-1)],
            pa.decimal256(76, 0),
            [str(10**70), None, "-1"],
        ),
        "date": ([datetime.date(1969, 12, 31), None, datetime.date(2031, 2, 3)], pa.date32(), ["1969-12-31", None, "2031-02-03"]),
        "time32": ([datetime.time(1, 2, 3), None, datetime.time(0, 0, 0, 5000)], pa.time32("ms"), ["01:02:03", None, "00:00:00.005"]),
        "time64": ([datetime.time(1, 2, 3, 4), None, None], pa.time64("us"), ["01:02:03.000004", None, None]),
        "naive": ([moment, None, datetime.datetime(1969, 12, 31, 23, 59, 59)], pa.timestamp("us"), ["2031-02-03T04:05:06.789000", None, "1969-12-31T23:59:59"]),
        "zoned_ms": ([aware, None, aware], pa.timestamp("ms", "Europe/Berlin"), ["2031-02-03T02:05:06.789Z", None, "2031-02-03T02:05:06.789Z"]),
        "zoned_ns": ([aware, None, None], pa.timestamp("ns", "UTC"), ["2031-02-03T02:05:06.789000000Z", None, None]),
    }
    # JSON has one kind of number: what is to be compared digit for digit is marked as such.
    exact = {"decimal", "small_decimal", "large_decimal"}
    table = {name: pa.array(column, kind) for name, (column, kind, _) in values.items()}
    expected = []
    for i in range(3):
        metadata = {}
        for name, (column, _, wanted) in values.items():
            value = (wanted or column)[i]
            if value is not None:
                metadata[name] = {"$digits": value} if name in exact else value
        expected.append({"id": f"t{i}", "metadata": metadata})
    struct = pa.StructArray.from_arrays(list(table.values()), names=list(table))
    ids = pa.array(["t0", "t1", "t2"])
    whole = pa.table({"id": ids, "metadata": struct})
    for option, extra in {
        "default": {},
        "plain": {"use_dictionary": False, "compression": "none"},
        "v2": {"data_page_version": "2.0", "use_dictionary": False},
        "decimals": {"store_decimal_as_integer": True},
    }.items():
        case("types", f"pyarrow-{option}", expected, lambda path: pq.write_table(whole, path, **extra))

    flat = pa.table({"id": ids, "deadline": pa.array([aware, None, aware], pa.timestamp("ns", "UTC"))})
    dated = [
        {"id": f"t{i}", **({} if i == 1 else {"deadline": "2031-02-03T02:05:06.789000000Z"})} for i in range(3)
    ]
    case("int96", "pyarrow", dated, lambda path: pq.write_table(flat, path, use_deprecated_int96_timestamps=True))
    ids = [uuid.UUID(int=i * 2**90) for i in range(3)]
    column = pa.array([one.bytes for one in ids], pa.uuid())
    case("uuid", "pyarrow", [{"id": str(one)} for one in ids], lambda path: pq.write_table(pa.table({"id": column}), path))

    numbers = {
        "int32": pa.array([(i * i * 7919) % 2**31 * (-1) ** i for i in range(160)], pa.int32()),
        "extreme32": pa.array([-(2**31) if i % 2 else 2**31 - 1 for i in range(160)], pa.int32()),
        "int64": pa.array([i * 10**15 * (-1) ** i for i in range(160)], pa.int64()),
        "extreme64": pa.array([-(2**63) if i % 2 else 2**63 - 1 for i in range(160)], pa.int64()),
        "same": pa.array([5] * 160, pa.int64()),
        "double": pa.array([i / 3 for i in range(160)], pa.float64()),
        "float": pa.array([i / 4 for i in range(160)], pa.float32()),
    }
    rows = [{"metadata": {name: column[i].as_py() for name, column in numbers.items()}} for i in range(160)]
    struct = pa.StructArray.from_arrays(list(numbers.values()), names=list(numbers))
    whole = pa.table({"metadata": struct})
    integers = {f"metadata.{name}": "DELTA_BINARY_PACKED" for name in numbers if name not in ("double", "float")}
    split = {f"metadata.{name}": "BYTE_STREAM_SPLIT" for name in numbers if "extreme" not in name}
    for name, encodings in {"delta": integers, "split": split}.items():
        case(
            "numbers",
            f"pyarrow-{name}",
            rows,
            lambda path: pq.write_table(
                whole, path, compression="none", use_dictionary=False, column_encoding=encodings
            ),
        )


def with_pandas():
    import pandas

    def frame_of(rows):
        # Or it would make floats of integers among which one is missing.
        steps = pandas.array([row.pop("policy_step", None) for row in rows], "Int64")
        return pandas.DataFrame(rows).assign(policy_step=steps)

    for kind, rows in ROWS.items():
        frame = frame_of([dict(row) for row in rows])
        for engine in ("pyarrow", "fastparquet"):
            case(kind, f"pandas-{engine}", rows, lambda path: frame.to_parquet(path, engine=engine))
    rows = ROWS["simple"]
    odd = frame_of([dict(row) for row in rows])[1::2]
    case("filtered", "pandas", rows[1::2], lambda path: odd.to_parquet(path))


def with_polars():
    import polars

    for kind, rows in ROWS.items():
        frame = polars.DataFrame(rows, infer_schema_length=None)
        for option, values in {
            "default": {},
            "snappy": {"compression": "snappy", "row_group_size": 50},
            "lz4": {"compression": "lz4", "data_page_size": 300},
            "gzip": {"compression": "gzip", "statistics": False},
            "brotli": {"compression": "brotli"},
            "none": {"compression": "uncompressed"},
        }.items():
            case(kind, f"polars-{option}", rows, lambda path: frame.write_parquet(path, **values))
        case(kind, "polars-sink", rows, lambda path: frame.lazy().sink_parquet(path))


def with_duckdb():
    import duckdb

    for kind, rows in {**ROWS, "mixed": MIXED}.items():
        source = OUT / "duckdb.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows))
        for option, values in {
            "default": "",
            "zstd": "COMPRESSION zstd, ROW_GROUP_SIZE 2048",
            "gzip": "COMPRESSION gzip",
            "brotli": "COMPRESSION brotli",
            "lz4": "COMPRESSION lz4_raw",
            "none": "COMPRESSION uncompressed",
            "v2": "PARQUET_VERSION v2",
        }.items():
            def write(path):
                duckdb.sql(
                    f"COPY (SELECT * FROM read_json('{source}', sample_size=-1, map_inference_threshold=-1))"
                    f" TO '{path}' (FORMAT parquet{', ' + values if values else ''})"
                )

            case(kind, f"duckdb-{option}", rows, write)
        source.unlink()


def with_datasets():
    import datasets

    datasets.disable_progress_bars()
    for kind, rows in ROWS.items():
        keys = dict.fromkeys(key for row in rows for key in row)
        dataset = datasets.Dataset.from_list([{key: row.get(key) for key in keys} for row in rows])
        case(kind, "datasets", rows, lambda path: dataset.to_parquet(path))
        case(kind, "datasets-batches", rows, lambda path: dataset.to_parquet(path, batch_size=11))


OUT.mkdir(parents=True, exist_ok=True)
for writer in (with_pyarrow, with_pandas, with_polars, with_duckdb, with_datasets):
    writer()
