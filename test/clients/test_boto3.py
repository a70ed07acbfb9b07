"""boto3, the SDK of the trainers that assay is for."""

import hashlib
import io
import json
import os
import time
import urllib.error
import urllib.request

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

MIB = 1024 * 1024


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_objects_round_trip_with_their_metadata(s3, bucket):
    body = b'{"x":1}'
    put = s3.put_object(
        Bucket=bucket,
        Key="a b/ü+%.json",
        Body=body,
        ContentType="application/json",
        Metadata={"run": "7"},
    )
    got = s3.get_object(Bucket=bucket, Key="a b/ü+%.json")
    assert got["Body"].read() == body
    assert got["ContentType"] == "application/json"
    assert got["Metadata"] == {"run": "7"}
    assert got["ETag"] == put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert s3.get_object(Bucket=bucket, Key="a b/ü+%.json", Range="bytes=1-3")["Body"].read() == b'"x"'


def test_transfers_of_many_parts(s3, bucket):
    data = os.urandom(20 * MIB + 123)
    config = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=6 * MIB)
    s3.upload_fileobj(io.BytesIO(data), bucket, "large", Config=config)
    assert s3.head_object(Bucket=bucket, Key="large")["ETag"].endswith('-4"')
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large", back, Config=config)
    assert back.getvalue() == data


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_are_kept_and_checked(s3, bucket, algorithm):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"data", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"data"
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    wrong = {f"Checksum{algorithm}": got[f"Checksum{algorithm}"]}
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"other", **wrong) == ("BadDigest", 400)


def test_conditions(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    lost = ("PreconditionFailed", 412)
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfNoneMatch="*") == lost
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"2", IfMatch='"0"') == lost
    s3.put_object(Bucket=bucket, Key="k", Body=b"2", IfMatch=etag)
    assert refusal(s3.get_object, Bucket=bucket, Key="k", IfMatch=etag) == lost


def test_listings_page_by_page(s3, bucket):
    keys = [f"d{i % 3}/{i:04}" for i in range(1_203)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    assert [one["Key"] for page in pages for one in page["Contents"]] == sorted(keys)
    found = s3.list_objects_v2(Bucket=bucket, Delimiter="/")
    assert [one["Prefix"] for one in found["CommonPrefixes"]] == ["d0/", "d1/", "d2/"]
    boto3.resource("s3").Bucket(bucket).objects.all().delete()
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    s3.delete_bucket(Bucket=bucket)
    assert refusal(s3.head_bucket, Bucket=bucket) == ("404", 404)


def test_versions(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    s3.delete_object(Bucket=bucket, Key="k")
    assert refusal(s3.get_object, Bucket=bucket, Key="k") == ("NoSuchKey", 404)
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=first)["Body"].read() == b"1"
    found = s3.list_object_versions(Bucket=bucket)
    assert (len(found["Versions"]), len(found["DeleteMarkers"])) == (2, 1)


def test_copies_and_tags(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"1", Tagging="x=1&y=2", Metadata={"m": "1"})
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    tags = s3.get_object_tagging(Bucket=bucket, Key="b")["TagSet"]
    assert {one["Key"]: one["Value"] for one in tags} == {"x": "1", "y": "2"}
    assert s3.head_object(Bucket=bucket, Key="b")["Metadata"] == {"m": "1"}


def test_presigned_urls(bucket):
    s3 = boto3.client("s3", config=Config(signature_version="s3v4"))
    target = {"Bucket": bucket, "Key": "p q"}
    url = s3.generate_presigned_url("put_object", Params=target)
    urllib.request.urlopen(urllib.request.Request(url, data=b"sent", method="PUT"))
    url = s3.generate_presigned_url("get_object", Params=target)
    assert urllib.request.urlopen(url).read() == b"sent"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url.replace("Expires=3600", "Expires=9999"))
    assert caught.value.code == 403


def test_wrong_keys_are_refused(bucket):
    s3 = boto3.client("s3", aws_secret_access_key="wrong", aws_access_key_id="assay-local-access-key")
    assert refusal(s3.list_objects_v2, Bucket=bucket) == ("SignatureDoesNotMatch", 403)


def test_what_is_missing_says_so(s3, bucket):
    code, status = refusal(s3.get_bucket_website, Bucket=bucket)
    assert (code, status) == ("NotImplemented", 501)


def test_messages_are_sent_received_and_deleted(sqs, queue):
    attribute = {"kind": {"DataType": "String", "StringValue": "x"}}
    sent = sqs.send_message(QueueUrl=queue, MessageBody="é😀\n<&>", MessageAttributes=attribute)
    (got,) = sqs.receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert got["Body"] == "é😀\n<&>"
    assert (got["MessageId"], got["MD5OfMessageAttributes"]) == (
        sent["MessageId"],
        sent["MD5OfMessageAttributes"],
    )
    assert got["Attributes"]["ApproximateReceiveCount"] == "1"
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=got["ReceiptHandle"])
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)


def test_batches(sqs, queue):
    entries = [{"Id": str(i), "MessageBody": str(i)} for i in range(10)]
    assert len(sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]) == 10
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    assert sorted(int(one["Body"]) for one in messages) == list(range(10))
    gone = [{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)]
    answer = sqs.delete_message_batch(QueueUrl=queue, Entries=gone)
    assert len(answer["Successful"]) == 10 and answer.get("Failed", []) == []


def test_visibility_and_dead_letters(sqs, queue):
    dead = sqs.create_queue(QueueName=queue.rsplit("/", 1)[1] + "-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": policy})
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    for _ in range(2):
        (got,) = sqs.receive_message(QueueUrl=queue)["Messages"]
        handle = got["ReceiptHandle"]
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=5)["Messages"][0]["Body"] == "again"


def test_a_long_poll_ends_when_a_message_comes(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="late", DelaySeconds=1)
    started = time.monotonic()
    assert sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=15)["Messages"][0]["Body"] == "late"
    assert 0.5 < time.monotonic() - started < 5


def test_an_object_announces_itself(s3, sqs, bucket, queue):
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [rule]}
    )
    s3.put_object(Bucket=bucket, Key="a b", Body=b"12")
    bodies = []
    while "a+b" not in "".join(bodies) and len(bodies) < 5:
        for one in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]:
            bodies.append(one["Body"])
    (record,) = json.loads(bodies[-1])["Records"]
    assert (record["s3"]["object"]["key"], record["s3"]["object"]["size"]) == ("a+b", 2)
