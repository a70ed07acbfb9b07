import { createHash } from "node:crypto";
import { ApiError } from "../errors.ts";
import { chunksOf } from "../exchange.ts";
import type { BlobStore, BlobWriter, Piece } from "./blobs.ts";
import { ALGORITHMS, type Algorithm, type Checksums, createChecksum } from "./checksums.ts";
import { ChunkDecoder, ChunkSignatures } from "./chunked.ts";
import type { S3Request } from "./request.ts";

/** S3's bound on one PUT. */
const MAX_BYTES = 5 * 1024 ** 3;

/** S3's bounds on the XML of DeleteObjects and CompleteMultipartUpload lie a little below. */
const MAX_XML_BYTES = 4 * 1024 ** 2;

export interface Body {
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  readonly checksums: Checksums;
  /** Where the bytes lie: in memory when there are few, else in a file. */
  readonly inline: Uint8Array | undefined;
  readonly pieces: readonly Piece[];
}

/** Reads a request's body to its end, checks it against everything the client said about it, and
 * keeps it: up to `inlineBytes` in memory, anything longer in a new file. Whoever does not use the
 * file has to remove it. */
export async function receiveBody(
  request: S3Request,
  blobs: BlobStore,
  inlineBytes: number,
): Promise<Body> {
  const md5 = createHash("md5");
  const checks = createChecks(request);
  const held: Buffer[] = [];
  let size = 0;
  let writer: BlobWriter | undefined;
  const keep = (data: Buffer) => {
    size += data.length;
    if (size > MAX_BYTES) throw tooLarge();
    md5.update(data);
    checks.update(data);
    if (writer === undefined && size > inlineBytes) {
      writer = blobs.create();
      for (const earlier of held) writer.write(earlier);
      held.length = 0;
    }
    if (writer === undefined) held.push(data);
    else writer.write(data);
  };
  try {
    const trailers = await readAll(request, keep);
    const digest = md5.digest();
    checkLength(request, size);
    checkMd5(request, digest);
    const checksums = checks.finish(trailers);
    writer?.close();
    return {
      size,
      md5: digest.toString("hex"),
      checksums,
      inline: writer === undefined ? Buffer.concat(held) : undefined,
      pieces: writer === undefined ? [] : [{ blob: writer.id, size }],
    };
  } catch (error) {
    writer?.discard();
    throw error;
  }
}

/** The body of a request that carries a document. `algorithms` are those whose checksums, in the
 * headers, are of this body. */
export async function receiveText(
  request: S3Request,
  algorithms: readonly Algorithm[] = ALGORITHMS,
): Promise<string> {
  const checks = createChecks(request, algorithms);
  const md5 = createHash("md5");
  const held: Buffer[] = [];
  let size = 0;
  const trailers = await readAll(request, (data) => {
    size += data.length;
    if (size > MAX_XML_BYTES) throw tooLarge();
    md5.update(data);
    checks.update(data);
    held.push(data);
  });
  checks.finish(trailers);
  checkMd5(request, md5.digest());
  return Buffer.concat(held).toString();
}

type Trailers = Readonly<Record<string, string>>;

async function readAll(request: S3Request, keep: (data: Buffer) => void): Promise<Trailers> {
  const decoder = createDecoder(request);
  for await (const data of chunksOf(request.message)) {
    if (decoder === undefined) keep(data);
    else decoder.push(data, keep);
  }
  decoder?.finish();
  return decoder?.trailers ?? {};
}

function createDecoder(request: S3Request): ChunkDecoder | undefined {
  const hash = request.payloadHash;
  const isEncoded = /\baws-chunked\b/.test(request.headers["content-encoding"] ?? "");
  if (!isEncoded && !hash.startsWith("STREAMING-")) return undefined;
  if (hash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))
    return new ChunkDecoder(new ChunkSignatures(request.verified));
  if (hash.startsWith("STREAMING-") && hash !== "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    throw new ApiError("NotImplemented", 501, `This stack does not implement ${hash}.`);
  return new ChunkDecoder();
}

function checkLength(request: S3Request, size: number): void {
  const decoded = request.headers["x-amz-decoded-content-length"];
  if (decoded !== undefined && Number(decoded) !== size)
    throw new ApiError(
      "IncompleteBody",
      400,
      "You did not provide the number of bytes specified by the x-amz-decoded-content-length header",
    );
}

function checkMd5(request: S3Request, digest: Buffer): void {
  const claimed = request.headers["content-md5"];
  if (typeof claimed !== "string") return;
  if (!isDigest(claimed, digest.length))
    throw new ApiError("InvalidDigest", 400, "The Content-MD5 you specified is not valid.");
  if (claimed !== digest.toString("base64"))
    throw badDigest("The Content-MD5 you specified did not match what we received.");
}

/** Whether a text can be so many bytes in base64. */
function isDigest(text: string, bytes: number): boolean {
  return /^[A-Za-z0-9+/]+=*$/.test(text) && Buffer.from(text, "base64").length === bytes;
}

/** The hashes that a client promised, in a header or a trailer: of the payload, and checksums. */
function createChecks(request: S3Request, algorithms: readonly Algorithm[] = ALGORITHMS) {
  const payload = /^[0-9a-f]{64}$/.test(request.payloadHash) ? createHash("sha256") : undefined;
  const announced = [request.headers["x-amz-trailer"] ?? ""]
    .flat()
    .flatMap((names) => names.toLowerCase().split(","))
    .map((name) => name.trim());
  const checksums = algorithms
    .filter((algorithm) => {
      const name = checksumHeader(algorithm);
      return request.headers[name] !== undefined || announced.includes(name);
    })
    .map((algorithm) => ({ algorithm, checksum: createChecksum(algorithm) }));
  if (checksums.length > 1)
    throw new ApiError(
      "InvalidRequest",
      400,
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  return {
    update(data: Buffer): void {
      payload?.update(data);
      for (const { checksum } of checksums) checksum.update(data);
    },
    finish(trailers: Trailers): Checksums {
      if (payload !== undefined && payload.digest("hex") !== request.payloadHash)
        throw new ApiError(
          "XAmzContentSHA256Mismatch",
          400,
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
      const found: Partial<Record<Algorithm, string>> = {};
      for (const { algorithm, checksum } of checksums) {
        const name = checksumHeader(algorithm);
        const claimed = request.headers[name] ?? trailers[name];
        const computed = checksum.digest();
        if (claimed === undefined)
          throw new ApiError("MalformedTrailerError", 400, `The trailer ${name} is missing.`);
        if (
          typeof claimed !== "string" ||
          !isDigest(claimed, Buffer.from(computed, "base64").length)
        )
          throw new ApiError("InvalidRequest", 400, `Value for ${name} header is invalid.`);
        if (claimed !== computed)
          throw badDigest(
            `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
          );
        found[algorithm] = computed;
      }
      return found;
    },
  };
}

export function checksumHeader(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm}`;
}

function badDigest(message: string): ApiError {
  return new ApiError("BadDigest", 400, message);
}

function tooLarge(): ApiError {
  return new ApiError(
    "EntityTooLarge",
    400,
    "Your proposed upload exceeds the maximum allowed size",
  );
}
