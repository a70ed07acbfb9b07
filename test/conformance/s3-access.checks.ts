import {
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { describe, expect, it } from "vitest";
import { accessKeyId, makeBucket, makeS3, objectsIn, refusalOf, s3 } from "./target.ts";

const Bucket = await makeBucket();
const { put, text } = objectsIn(Bucket);
await put("secret", "the secret");

const wrongSecret = makeS3({ credentials: { accessKeyId, secretAccessKey: "a wrong one" } });
const unknownKey = makeS3({
  credentials: { accessKeyId: "AKIAUNKNOWNUNKNOWNXX", secretAccessKey: "any" },
});
const getSecret = new GetObjectCommand({ Bucket, Key: "secret" });

/** Status, and the error's code where there is one. */
async function answerTo(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init);
  const [, code] = /<Code>([^<]*)<\/Code>/.exec(await response.text()) ?? [];
  return code === undefined ? `${response.status}` : `${code} ${response.status}`;
}

describe.concurrent("a request", () => {
  it("signed with a wrong secret is refused", async () => {
    expect(await refusalOf(wrongSecret.send(getSecret))).toBe("SignatureDoesNotMatch 403");
    const write = new PutObjectCommand({ Bucket, Key: "secret", Body: "overwritten" });
    expect(await refusalOf(wrongSecret.send(write))).toBe("SignatureDoesNotMatch 403");
    expect(await text("secret")).toBe("the secret");
  });

  it("signed with an unknown key is refused", async () => {
    expect(await refusalOf(unknownKey.send(getSecret))).toBe("InvalidAccessKeyId 403");
  });

  it("that is not signed is refused", async () => {
    const { hostname, port, protocol } = await endpointOf();
    const at = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
    expect(await answerTo(`${at}/${Bucket}/secret`)).toBe("AccessDenied 403");
    expect(await answerTo(`${at}/${Bucket}`)).toBe("AccessDenied 403");
    expect(await answerTo(`${at}/${Bucket}/new`, { method: "PUT", body: "x" })).toBe(
      "AccessDenied 403",
    );
  });

  it("whose body is not the one that was signed is refused", async () => {
    const client = makeS3();
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: unknown }).body = "changed!";
        return next(args);
      },
      { step: "deserialize", priority: "low" },
    );
    const call = client.send(new PutObjectCommand({ Bucket, Key: "signed", Body: "original" }));
    expect(await refusalOf(call)).toMatch(/^(XAmzContentSHA256Mismatch|BadDigest) 400$/);
    expect(await refusalOf(text("signed"))).toBe("NoSuchKey 404");
  });
});

describe.concurrent("a presigned URL", () => {
  it("reads without credentials", async () => {
    const response = await fetch(await getSignedUrl(s3, getSecret));
    expect([response.status, await response.text()]).toEqual([200, "the secret"]);
  });

  it("writes without credentials", async () => {
    const url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "written" }));
    expect(await answerTo(url, { method: "PUT", body: "by URL" })).toBe("200");
    expect(await text("written")).toBe("by URL");
  });

  it("asks HEAD, and lists", async () => {
    const head = await getSignedUrl(s3, new HeadObjectCommand({ Bucket, Key: "secret" }));
    const response = await fetch(head, { method: "HEAD" });
    expect([response.status, response.headers.get("content-length")]).toEqual([200, "10"]);
    const list = await fetch(await getSignedUrl(s3, new ListObjectsV2Command({ Bucket })));
    expect(await list.text()).toContain("<Key>secret</Key>");
  });

  it("sends a part", async () => {
    const Key = "part";
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 });
    expect(await answerTo(await getSignedUrl(s3, part), { method: "PUT", body: "x" })).toBe("200");
  });

  it.each(["a b+c%20d/ü 😀.txt", "double//slash", "star*(1)'!"])(
    "takes the key %j",
    async (Key) => {
      await put(Key, "odd");
      const response = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key })));
      expect(await response.text()).toBe("odd");
    },
  );

  it("chooses the headers of the answer", async () => {
    const command = new GetObjectCommand({
      Bucket,
      Key: "secret",
      ResponseContentDisposition: 'attachment; filename="a b.txt"',
    });
    const { headers } = await fetch(await getSignedUrl(s3, command));
    expect(headers.get("content-disposition")).toBe('attachment; filename="a b.txt"');
  });

  it("is good for its time, and no longer", async () => {
    const signedAt = (msAgo: number) =>
      getSignedUrl(s3, getSecret, { expiresIn: 60, signingDate: new Date(Date.now() - msAgo) });
    expect(await answerTo(await signedAt(30_000))).toBe("200");
    expect(await answerTo(await signedAt(120_000))).toBe("AccessDenied 403");
  });

  it("lives at most a week", async () => {
    const url = new URL(await getSignedUrl(s3, getSecret));
    url.searchParams.set("X-Amz-Expires", "604801");
    expect(await answerTo(`${url}`)).toBe("AuthorizationQueryParametersError 400");
  });

  it("by a wrong secret or an unknown key is refused", async () => {
    expect(await answerTo(await getSignedUrl(wrongSecret, getSecret))).toBe(
      "SignatureDoesNotMatch 403",
    );
    expect(await answerTo(await getSignedUrl(unknownKey, getSecret))).toBe(
      "InvalidAccessKeyId 403",
    );
  });

  it("is good for one key, one method and one query", async () => {
    const url = await getSignedUrl(s3, getSecret);
    const tampered: [string, RequestInit?][] = [
      [url.replace("/secret?", "/other?")],
      [url, { method: "PUT", body: "x" }],
      [url, { method: "DELETE" }],
      [`${url}&response-content-type=text/html`],
      [url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604800")],
    ];
    const answers = await Promise.all(tampered.map(([one, init]) => answerTo(one, init)));
    expect(answers).toEqual(tampered.map(() => "SignatureDoesNotMatch 403"));
    expect(await text("secret")).toBe("the secret");
  });

  it("may bind a header: another value, or none, is refused", async () => {
    const command = new PutObjectCommand({ Bucket, Key: "bound", ContentType: "text/plain" });
    const url = await getSignedUrl(s3, command, { signableHeaders: new Set(["content-type"]) });
    const send = (type: string) =>
      answerTo(url, { method: "PUT", body: "x", headers: { "content-type": type } });
    expect(await send("text/html")).toBe("SignatureDoesNotMatch 403");
    expect(await send("text/plain")).toBe("200");
  });
});

async function endpointOf() {
  const { hostname, port, protocol } = new URL(await getSignedUrl(s3, getSecret));
  return { hostname, port: port === "" ? undefined : port, protocol };
}
