"""Libraries through which trainers read buckets and queues."""

import json
import os
import threading
import uuid
from urllib.parse import urlparse

import celery
import kombu
import pyarrow.fs
import pyarrow.json
import pyarrow.parquet
import pytest
import smart_open

ENDPOINT = urlparse(os.environ["AWS_ENDPOINT_URL"])
ROWS = [{"id": f"t{i}", "reward": i % 2} for i in range(50_000)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def arrow_s3():
    return pyarrow.fs.S3FileSystem(
        endpoint_override=ENDPOINT.netloc,
        scheme=ENDPOINT.scheme,
        access_key=os.environ["AWS_ACCESS_KEY_ID"],
        secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        region=os.environ["AWS_REGION"],
    )


def test_pyarrow_reads_jsonl_and_parquet(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a.jsonl", Body=LINES.encode())
    with arrow_s3().open_input_stream(f"{bucket}/a.jsonl") as stream:
        table = pyarrow.json.read_json(stream)
    assert table.num_rows == len(ROWS)
    # Written in parts, read by ranges.
    pyarrow.parquet.write_table(table, f"{bucket}/d/a.parquet", filesystem=arrow_s3())
    back = pyarrow.parquet.read_table(f"{bucket}/d", filesystem=arrow_s3(), columns=["reward"])
    assert sum(back["reward"].to_pylist()) == len(ROWS) // 2
    found = arrow_s3().get_file_info(pyarrow.fs.FileSelector(bucket, recursive=True))
    assert sorted(one.path for one in found if one.is_file) == [
        f"{bucket}/a.jsonl",
        f"{bucket}/d/a.parquet",
    ]


def test_smart_open_streams_both_ways(bucket):
    with smart_open.open(f"s3://{bucket}/a.jsonl.gz", "w") as file:
        file.write(LINES)
    with smart_open.open(f"s3://{bucket}/a.jsonl.gz") as file:
        assert [json.loads(line) for line in file] == ROWS


def sqs_transport():
    key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    options = {"region": os.environ["AWS_REGION"], "is_secure": False, "wait_time_seconds": 2}
    return f"sqs://{key}:{secret}@{ENDPOINT.netloc}", options


def test_kombu_carries_messages():
    url, options = sqs_transport()
    with kombu.Connection(url, transport_options=options) as connection:
        queue = connection.SimpleQueue(f"kombu-{uuid.uuid4().hex}")
        for i in range(25):
            queue.put({"i": i})
        got = []
        for _ in range(25):
            message = queue.get(timeout=20)
            got.append(message.payload["i"])
            message.ack()
        assert sorted(got) == list(range(25))
        with pytest.raises(queue.Empty):
            queue.get(timeout=1)
        queue.close()


def test_celery_runs_tasks():
    url, options = sqs_transport()
    app = celery.Celery("clients", broker=url)
    app.conf.update(
        broker_transport_options=options,
        task_default_queue=f"celery-{uuid.uuid4().hex}",
        worker_enable_remote_control=False,
    )
    done = set()
    all_done = threading.Event()

    @app.task
    def grade(i):
        done.add(i)
        if len(done) == 20:
            all_done.set()

    from celery.contrib.testing.worker import start_worker

    with start_worker(app, perform_ping_check=False, pool="solo"):
        for i in range(20):
            grade.delay(i)
        assert all_done.wait(60)
    assert done == set(range(20))
