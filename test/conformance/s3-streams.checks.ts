import { randomBytes } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { makeBucket, makeS3, md5, objectsIn, refusalOf, s3, sleep } from "./target.ts";

const Bucket = await makeBucket();
const { get, put } = objectsIn(Bucket);
const folder = mkdtempSync(join(tmpdir(), "assay-conformance-"));
afterAll(() => rmSync(folder, { recursive: true }));

function makeFile(name: string, size: number) {
  const path = join(folder, name);
  const body = randomBytes(size);
  writeFileSync(path, body);
  return { path, body };
}

describe.concurrent("a stream", () => {
  it("from a file comes whole, without a trace of its chunks", async () => {
    const { body, path } = makeFile("file", 300_000);
    const { ETag } = await put("file", createReadStream(path));
    const found = await get("file");
    expect(found.bytes.equals(body)).toBe(true);
    expect([found.ETag, ETag]).toEqual([`"${md5(body)}"`, `"${md5(body)}"`]);
    expect([found.ContentLength, found.ContentEncoding]).toEqual([body.length, undefined]);
  });

  it("of 20 MiB comes whole", async () => {
    const { body, path } = makeFile("large", 20 * 1024 ** 2);
    await put("large", createReadStream(path));
    const { ETag, bytes } = await get("large");
    expect([ETag, md5(bytes)]).toEqual([`"${md5(body)}"`, md5(body)]);
  });

  it("of many small chunks comes whole when the client gathers them", async () => {
    const chunks = Array.from({ length: 5000 }, (_, n) => Buffer.from(`${n}\r\n`));
    const whole = Buffer.concat(chunks);
    const gathering = objectsIn(Bucket, makeS3({ requestStreamBufferSize: 16_384 }));
    await gathering.put("chunks", Readable.from(chunks), { ContentLength: whole.length });
    expect((await get("chunks")).bytes.equals(whole)).toBe(true);
  });

  it("of chunks below 8 KiB is refused, but for the last of them", async () => {
    const send = (...sizes: number[]) =>
      refusalOf(
        put("small", Readable.from(sizes.map((size) => Buffer.alloc(size))), {
          ContentLength: sizes.reduce((sum, size) => sum + size, 0),
        }),
      );
    expect(await send(8191, 100)).toMatch(/^InvalidChunkSizeError 40[03]$/);
    expect(await send(8192, 100)).toBe("no refusal");
  });

  it("may be empty", async () => {
    const { path } = makeFile("empty", 0);
    await put("empty", createReadStream(path));
    expect((await get("empty")).ContentLength).toBe(0);
  });

  it("of the web's kind comes whole", async () => {
    const body = randomBytes(100_000);
    const stream = new Blob([body]).stream();
    await put("web", Readable.fromWeb(stream as never), { ContentLength: body.length });
    expect((await get("web")).bytes.equals(body)).toBe(true);
  });

  it("keeps the encoding of its content, and only that", async () => {
    const { path } = makeFile("gzip", 1000);
    await put("gzip", createReadStream(path), {
      ContentEncoding: "gzip",
      ContentType: "application/jsonl",
    });
    expect(await get("gzip")).toMatchObject({
      ContentEncoding: "gzip",
      ContentType: "application/jsonl",
    });
  });

  it("can be conditional", async () => {
    await put("conditional", "standing");
    const { path } = makeFile("conditional", 200_000);
    const call = put("conditional", createReadStream(path), { IfNoneMatch: "*" });
    expect(await refusalOf(call)).toBe("PreconditionFailed 412");
    expect((await get("conditional")).bytes.toString()).toBe("standing");
  });

  it("that breaks off leaves nothing, and what stood stays", async () => {
    await put("broken", "standing");
    for (const key of ["broken", "broken-new"]) {
      const controller = new AbortController();
      async function* breakOff() {
        yield Buffer.alloc(100_000);
        controller.abort();
        // The request is gone by now; what would follow never does.
        await sleep(100);
      }
      const Body = Readable.from(breakOff());
      const command = new PutObjectCommand({ Bucket, Key: key, Body, ContentLength: 200_000 });
      const call = s3.send(command, { abortSignal: controller.signal });
      await expect(call).rejects.toThrow("aborted");
    }
    expect((await get("broken")).bytes.toString()).toBe("standing");
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "broken" }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["broken"]);
  });

  it("is read while it comes: a reader may stop in its middle", async () => {
    await put("stopped", randomBytes(4 * 1024 ** 2));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "stopped" }));
    const stream = Body as Readable;
    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await get("stopped")).ContentLength).toBe(4 * 1024 ** 2);
  });
});
