"""The AWS CLI's own commands. It has a Python of its own, since it pins another botocore."""

import json
import os
import subprocess
import urllib.request


def run(*arguments):
    # For SQS, version 1 of the CLI does not look at AWS_ENDPOINT_URL.
    endpoint = ["--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    command = [os.environ["AWS_CLI"], *endpoint, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def aws(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(*arguments):
    done = run(*arguments)
    assert done.returncode != 0, done.stdout
    return done.stderr


def test_a_folder_goes_up_and_comes_back(bucket, tmp_path):
    source = tmp_path / "source"
    (source / "sub dir").mkdir(parents=True)
    large = os.urandom(9 * 1024 * 1024)
    (source / "large.bin").write_bytes(large)
    (source / "sub dir" / "ü.txt").write_text("small")
    # S3 knows times to the second: a file of this second would count as changed after its upload.
    for path in source.rglob("*.*"):
        os.utime(path, (0, 1_000_000_000))
    assert aws("s3", "sync", str(source), f"s3://{bucket}/x").count("upload:") == 2
    # Nothing has changed: nothing goes up.
    assert aws("s3", "sync", str(source), f"s3://{bucket}/x") == ""
    listed = aws("s3", "ls", f"s3://{bucket}/x/", "--recursive")
    assert [line.split(maxsplit=3)[3] for line in listed.splitlines()] == [
        "x/large.bin",
        "x/sub dir/ü.txt",
    ]
    target = tmp_path / "target"
    aws("s3", "cp", f"s3://{bucket}/x", str(target), "--recursive")
    assert (target / "large.bin").read_bytes() == large
    assert (target / "sub dir" / "ü.txt").read_text() == "small"


def test_pipes_moves_and_removals(bucket, tmp_path):
    (tmp_path / "f").write_text("hello")
    aws("s3", "cp", str(tmp_path / "f"), f"s3://{bucket}/a")
    assert aws("s3", "cp", f"s3://{bucket}/a", "-") == "hello"
    aws("s3", "mv", f"s3://{bucket}/a", f"s3://{bucket}/b")
    assert refused("s3", "ls", f"s3://{bucket}/a") == ""
    with urllib.request.urlopen(aws("s3", "presign", f"s3://{bucket}/b").strip()) as answer:
        assert answer.read() == b"hello"
    for i in range(5):
        aws("s3", "cp", str(tmp_path / "f"), f"s3://{bucket}/many/{i}")
    assert aws("s3", "rm", f"s3://{bucket}/many", "--recursive").count("delete:") == 5
    assert "BucketNotEmpty" in refused("s3", "rb", f"s3://{bucket}")
    aws("s3", "rb", f"s3://{bucket}", "--force")
    assert bucket not in aws("s3", "ls")


def test_the_plain_calls_of_s3(bucket, tmp_path):
    (tmp_path / "f").write_text("hello")
    put = ["s3api", "put-object", "--bucket", bucket, "--key", "k", "--body", str(tmp_path / "f")]
    etag = json.loads(aws(*put))["ETag"]
    head = json.loads(aws("s3api", "head-object", "--bucket", bucket, "--key", "k"))
    assert (head["ETag"], head["ContentLength"]) == (etag, 5)
    assert "PreconditionFailed" in refused(*put, "--if-none-match", "*")


def test_messages(queue):
    sent = json.loads(aws("sqs", "send-message", "--queue-url", queue, "--message-body", "hello"))
    receive = ["sqs", "receive-message", "--queue-url", queue]
    (got,) = json.loads(aws(*receive))["Messages"]
    assert (got["Body"], got["MessageId"]) == ("hello", sent["MessageId"])
    handle = ["--receipt-handle", got["ReceiptHandle"]]
    aws("sqs", "delete-message", "--queue-url", queue, *handle)
    for body in "ab":
        aws("sqs", "send-message", "--queue-url", queue, "--message-body", body)
    aws("sqs", "purge-queue", "--queue-url", queue)
    assert aws(*receive) == ""
    assert queue in json.loads(aws("sqs", "list-queues"))["QueueUrls"]
    count = ["sqs", "get-queue-attributes", "--queue-url", queue, "--attribute-names", "All"]
    assert json.loads(aws(*count))["Attributes"]["ApproximateNumberOfMessages"] == "0"
    aws("sqs", "delete-queue", "--queue-url", queue)
    assert "NonExistentQueue" in refused(*receive)
