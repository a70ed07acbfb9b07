#!/usr/bin/env bash
# Clients that nobody here wrote, on the embedded stack: boto3, the AWS CLI, pyarrow,
# smart_open, kombu, celery, sqs-consumer; and Parquet as pyarrow, pandas, polars, duckdb, Hugging
# Face's datasets and fastparquet write it. Not a part of `npm test`: it installs them from PyPI and
# npm, into a temporary folder. With checkouts of their repositories, whole suites of others too:
#
#   S3_TESTS=~/s3-tests S3FS=~/s3fs test/clients/run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export PATH="$root/node_modules/.bin:$PATH"

if ! python3 -m venv --help >/dev/null 2>&1; then
  echo "SKIPPED: there is no python3 with venv here"
  exit 0
fi

work=$(mktemp -d)
stack=""
clean() {
  if [ -n "$stack" ]; then kill "$stack" 2>/dev/null || true; wait "$stack" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap clean EXIT

install() {
  python3 -m venv "$work/$1"
  "$work/$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}"
}

install libraries -r "$here/requirements.txt"
install cli awscli==1.46.3

# A stack anew: `start_stack NAME`.
start_stack() {
  if [ -n "$stack" ]; then kill "$stack" && wait "$stack" || true; fi
  node "$root/bench/stack-server.ts" "$work/$1-state" >"$work/$1-url" &
  stack=$!
  # Ten seconds are far more than a start takes.
  for _ in $(seq 100); do
    [ -s "$work/$1-url" ] && break
    sleep 0.1
  done
  AWS_ENDPOINT_URL=$(cat "$work/$1-url")
  export AWS_ENDPOINT_URL
}
start_stack clients
export AWS_ACCESS_KEY_ID=assay-local-access-key AWS_SECRET_ACCESS_KEY=assay-local-secret-key
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_CLI="$work/cli/bin/aws"
# What somebody's own configuration says is not to matter. S3 takes version 2 of signatures no more
# for new buckets, and version 1 of the CLI still presigns with it.
printf '[default]\ns3 =\n  signature_version = s3v4\n' >"$work/config"
export AWS_CONFIG_FILE="$work/config" AWS_SHARED_CREDENTIALS_FILE=/dev/null

failed=0
"$work/libraries/bin/python" -m pytest -q -p no:cacheprovider "$here" || failed=1

mkdir "$work/npm"
cp "$here/sqs-consumer.mjs" "$work/npm"
(cd "$work/npm" && npm install --silent --no-audit --no-fund sqs-consumer@15.0.3 @aws-sdk/client-sqs >/dev/null &&
  node sqs-consumer.mjs) || failed=1

install parquet -r "$here/parquet-requirements.txt"
"$work/parquet/bin/python" -W ignore "$here/parquet_writers.py" "$work/parquet-files" &&
  node "$here/parquet-check.ts" "$work/parquet-files" || failed=1

if [ -n "${S3FS:-}" ]; then
  install s3fs s3fs==2026.9.0 pytest pytest-asyncio 'moto[server]'
  # It wants the signatures that boto3 presigns with by default.
  (cd "$S3FS" && AWS_CONFIG_FILE=/dev/null NODE=node STACK_SERVER="$root/bench/stack-server.ts" \
    EXPECTED="$here/s3fs-expected.txt" PYTHONPATH="$here:$S3FS" \
    "$work/s3fs/bin/python" -m pytest -q -p s3fs_on_stack -p expected_failures -p no:cacheprovider \
    s3fs/tests/test_s3fs.py s3fs/tests/test_mapping.py s3fs/tests/test_utils.py) || failed=1
fi
if [ -n "${S3_TESTS:-}" ]; then
  # It counts buckets, so nobody else's may be there.
  start_stack s3-tests
  bash "$here/s3-tests.sh" "$S3_TESTS" "$work" || failed=1
fi
exit $failed
