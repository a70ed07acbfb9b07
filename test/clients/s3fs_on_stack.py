"""Lets s3fs run its own test suite, unchanged, on the embedded stack: a pytest plugin that stands
where the suite starts moto's server. What the suite asks of moto beside S3 is answered here: a clean
state for each test is a stack anew. Bucket policies, which the stack does not have, are left out:
the suite's fixture sets one for every test, though few tests are about it."""

import os
import shutil
import subprocess
import tempfile

import botocore.client
import moto.moto_server.threaded_moto_server
import requests

os.environ["AWS_ACCESS_KEY_ID"] = "assay-local-access-key"
os.environ["AWS_SECRET_ACCESS_KEY"] = "assay-local-secret-key"
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"


class StackServer:
    running = None

    def __init__(self, ip_address, port):
        self.port = port

    def start(self):
        self.folder = tempfile.mkdtemp()
        command = [os.environ["NODE"], os.environ["STACK_SERVER"], self.folder, str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        self.process.stdout.readline()
        StackServer.running = self

    def stop(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)
        StackServer.running = None


moto.moto_server.threaded_moto_server.ThreadedMotoServer = StackServer

post = requests.post


def post_or_reset(url, *args, **kwargs):
    if not url.endswith("/moto-api/reset"):
        return post(url, *args, **kwargs)
    server = StackServer.running
    if server is not None:
        server.stop()
        server.start()


requests.post = post_or_reset

call = botocore.client.BaseClient._make_api_call


def call_without_policies(self, operation, arguments):
    return {} if operation == "PutBucketPolicy" else call(self, operation, arguments)


botocore.client.BaseClient._make_api_call = call_without_policies
