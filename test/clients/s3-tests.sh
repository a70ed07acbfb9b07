#!/usr/bin/env bash
# Ceph's s3-tests, unchanged: `s3-tests.sh CHECKOUT FOLDER`, on the stack at AWS_ENDPOINT_URL. Left
# out is, by marker or by name, what the stack says that it does not have.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$1
work=$2

python3 -m venv "$work/s3-tests"
"$work/s3-tests/bin/pip" install --quiet --disable-pip-version-check -r "$checkout/requirements.txt" pytest-timeout

address=${AWS_ENDPOINT_URL#http://}
keys="access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY"
# There is one user; the suite wants several sections, and tests of other users are left out.
cat >"$work/s3-tests.conf" <<CONF
[DEFAULT]
host = ${address%:*}
port = ${address#*:}
is_secure = False
ssl_verify = False
[fixtures]
bucket prefix = s3-tests-{random}-
iam name prefix = s3-tests-
iam path prefix = /s3-tests/
[s3 main]
display_name = main
user_id = 000000000000
email = main@example.com
api_name =
$keys
[s3 alt]
display_name = alt
user_id = 000000000000
email = alt@example.com
$keys
[s3 tenant]
display_name = tenant
user_id = 000000000000
email = tenant@example.com
tenant = none
$keys
[iam]
display_name = iam
user_id = 000000000000
email = iam@example.com
$keys
[iam root]
user_id = 000000000000
email = root@example.com
$keys
[iam alt root]
user_id = 000000000000
email = altroot@example.com
$keys
CONF

none_of() {
  local list="not $1"
  shift
  for one in "$@"; do list="$list and not $one"; done
  echo "$list"
}
markers=$(none_of lifecycle lifecycle_expiration lifecycle_transition bucket_policy encryption \
  sse_s3 bucket_encryption object_lock cloud_transition cloud_restore bucket_logging \
  bucket_logging_cleanup s3website storage_class object_ownership auth_aws2 appendobject \
  fails_on_aws iam_account iam_user abac_test target_by_bucket)
names=$(none_of acl post_object object_lock cors public_block block_public anonymous anon_ policy \
  torrent access_bucket raw_ bucket_tagging ownership nonowner not_owned object_read_unreadable \
  tenant gone)

cd "$checkout"
S3TEST_CONF="$work/s3-tests.conf" EXPECTED="$here/s3-tests-expected.txt" PYTHONPATH="$here" \
  "$work/s3-tests/bin/python" -m pytest -q --timeout 60 -p expected_failures -p no:cacheprovider \
  s3tests/functional/test_s3.py s3tests/functional/test_headers.py -m "$markers" -k "$names"
