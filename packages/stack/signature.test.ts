import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Fixture, refusalOf, startFixture } from "./fixture.ts";

const Bucket = "signed";
const KEY_ID = "assay-local-access-key";
const EMPTY = createHash("sha256").update("").digest("hex");

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  fixture.stack.createBucket(Bucket);
  await fixture.s3.send(new PutObjectCommand({ Bucket, Key: "a b", Body: "hello" }));
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** Version 4 by hand, as it is published, with nothing of the code that it tests. */
function signature(stringToSign: string, day: string): string {
  const hmac = (key: string | Buffer, data: string) =>
    createHmac("sha256", key).update(data).digest();
  const parts = [day, "us-east-1", "s3", "aws4_request"];
  const key = parts.reduce<string | Buffer>(hmac, "AWS4assay-local-secret-key");
  return hmac(key, stringToSign).toString("hex");
}

const DATE = "20270102T030400Z";
const SCOPE = "20270102/us-east-1/s3/aws4_request";

function presign(method: string, expires: number, secondsEarlier = 0, title = ""): string {
  const date = new Date(Date.parse("2027-01-02T03:04:00Z") - secondsEarlier * 1000)
    .toISOString()
    .replace(/[-:]|\.\d+/g, "");
  const host = new URL(fixture.stack.url).host;
  const query = [
    "X-Amz-Algorithm=AWS4-HMAC-SHA256",
    `X-Amz-Credential=${encodeURIComponent(`${KEY_ID}/${SCOPE}`)}`,
    `X-Amz-Date=${date}`,
    `X-Amz-Expires=${expires}`,
    `X-Amz-SignedHeaders=host${title && "%3Bx-amz-meta-title"}`,
  ].join("&");
  const headers = `host:${host}\n${title && `x-amz-meta-title:${title}\n`}`;
  const names = `host${title && ";x-amz-meta-title"}`;
  const canonical = `${method}\n/${Bucket}/a%20b\n${query}\n${headers}\n${names}\nUNSIGNED-PAYLOAD`;
  const hash = createHash("sha256").update(canonical).digest("hex");
  const signed = signature(`AWS4-HMAC-SHA256\n${date}\n${SCOPE}\n${hash}`, "20270102");
  return `${fixture.stack.url}/${Bucket}/a%20b?${query}&X-Amz-Signature=${signed}`;
}

/** A PUT by hand: the client in use here would not send such headers. */
function put(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: "PUT", headers }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode));
    });
    // Bytes: with a text Node would write the headers in its encoding too.
    call.once("error", reject).write(Buffer.from("hello"));
    call.end();
  });
}

test("headers are signed as the bytes that they are sent as", async () => {
  const title = "größer";
  const sent = Buffer.from(title).toString("latin1");
  const headers = { "x-amz-meta-title": sent, "content-length": "5" };
  expect(await put(presign("PUT", 60, 0, title), headers)).toBe(200);
  expect(await put(presign("PUT", 60, 0, "kleiner"), headers)).toBe(403);
});

test("a body must be announced by its length", async () => {
  expect(await put(presign("PUT", 60), { "transfer-encoding": "chunked" })).toBe(411);
});

test("a presigned URL serves until it expires, and for its own method only", async () => {
  const url = presign("GET", 60);
  expect(await (await fetch(url)).text()).toBe("hello");
  expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
  expect((await fetch(url.replace("Expires=60", "Expires=600"))).status).toBe(403);
  const expired = await fetch(presign("GET", 60, 120));
  expect(expired.status).toBe(403);
  expect(await expired.text()).toContain("Request has expired");
  expect((await fetch(presign("GET", 604_801))).status).toBe(400);
});

test("a wrong secret and an unknown key are refused, by S3 and by SQS", async () => {
  const config = (accessKeyId: string, secretAccessKey: string) => ({
    endpoint: fixture.stack.url,
    region: "us-east-1",
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
  const put = (keyId: string, secret: string) =>
    refusalOf(
      new S3Client(config(keyId, secret)).send(
        new PutObjectCommand({ Bucket, Key: "no", Body: "x" }),
      ),
    );
  expect(await put(KEY_ID, "wrong")).toEqual(["SignatureDoesNotMatch", 403]);
  expect(await put("unknown", "wrong")).toEqual(["InvalidAccessKeyId", 403]);
  const find = (keyId: string) =>
    refusalOf(
      new SQSClient(config(keyId, "wrong")).send(new GetQueueUrlCommand({ QueueName: "q" })),
    );
  expect(await find(KEY_ID)).toEqual(["SignatureDoesNotMatch", 403]);
  expect(await find("unknown")).toEqual(["InvalidClientTokenId", 403]);
});

/** A PUT whose chunks are signed one by one, each over the signature before it. */
function putSignedChunks(chunks: readonly string[], tamper = false): Promise<number | undefined> {
  const host = new URL(fixture.stack.url).host;
  const decoded = chunks.join("").length;
  const headers = {
    host,
    "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "x-amz-date": DATE,
    "x-amz-decoded-content-length": String(decoded),
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = `PUT\n/${Bucket}/chunks\n\n${lines.join("")}\n${names}\n${headers["x-amz-content-sha256"]}`;
  const hash = createHash("sha256").update(canonical).digest("hex");
  let previous = signature(`AWS4-HMAC-SHA256\n${DATE}\n${SCOPE}\n${hash}`, "20270102");
  const authorization = `AWS4-HMAC-SHA256 Credential=${KEY_ID}/${SCOPE},SignedHeaders=${names},Signature=${previous}`;
  let body = "";
  for (const chunk of [...chunks, ""]) {
    const sum = createHash("sha256").update(chunk).digest("hex");
    previous = signature(
      `AWS4-HMAC-SHA256-PAYLOAD\n${DATE}\n${SCOPE}\n${previous}\n${EMPTY}\n${sum}`,
      "20270102",
    );
    body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}\r\n`;
  }
  if (tamper) body = body.replace("hello", "jello");
  return new Promise((resolve, reject) => {
    const put = request(
      `${fixture.stack.url}/${Bucket}/chunks`,
      { method: "PUT", headers: { ...headers, authorization, "content-length": body.length } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    put.once("error", reject);
    put.end(body);
  });
}

test("signed chunks are checked one by one", async () => {
  const chunks = [`hello ${"-".repeat(8192)}`, "world"];
  expect(await putSignedChunks(chunks)).toBe(200);
  expect(await putSignedChunks(chunks, true)).toBe(403);
});

test("a bucket may stand in the host, as clients write it by default", async () => {
  const { port } = new URL(fixture.stack.url);
  const status = (host: string, path: string) =>
    new Promise<string>((resolve) => {
      const headers = {
        host: `${host}:${port}`,
        "x-amz-date": DATE,
        "x-amz-content-sha256": EMPTY,
      };
      const names = "host;x-amz-content-sha256;x-amz-date";
      const canonical = `GET\n${path}\n\nhost:${headers.host}\nx-amz-content-sha256:${EMPTY}\nx-amz-date:${DATE}\n\n${names}\n${EMPTY}`;
      const hash = createHash("sha256").update(canonical).digest("hex");
      const signed = signature(`AWS4-HMAC-SHA256\n${DATE}\n${SCOPE}\n${hash}`, "20270102");
      const authorization = `AWS4-HMAC-SHA256 Credential=${KEY_ID}/${SCOPE}, SignedHeaders=${names}, Signature=${signed}`;
      request(
        `${fixture.stack.url}${path}`,
        { headers: { ...headers, authorization } },
        async (response) => resolve(String(await response.toArray())),
      ).end();
    });
  expect(await status(`${Bucket}.localhost`, "/a%20b")).toBe("hello");
  expect(await status("localhost", `/${Bucket}/a%20b`)).toBe("hello");
});
