"""A bucket and a queue of each test's own, on the stack that the environment names."""

import uuid

import boto3
import pytest


@pytest.fixture(scope="session")
def s3():
    return boto3.client("s3")


@pytest.fixture(scope="session")
def sqs():
    return boto3.client("sqs")


@pytest.fixture
def bucket(s3):
    name = f"clients-{uuid.uuid4().hex}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def queue(sqs):
    return sqs.create_queue(QueueName=f"clients-{uuid.uuid4().hex}")["QueueUrl"]
