import { createHash, type Hash } from "node:crypto";
import { ApiError } from "../errors.ts";
import { sameText, sha256, sign, type Verified } from "../signature.ts";

/** S3's floor for every chunk but the last. A client that passes on what its source gives, in
 * pieces however small, works anywhere but there. */
const MIN_CHUNK_BYTES = 8192;
/** A chunk's size line: 16 hex digits and a signature. */
const MAX_LINE_BYTES = 256;
/** Trailers carry a checksum and its signature. */
const MAX_TRAILERS = 8;

type State = "size" | "data" | "after-data" | "trailers" | "done";

/** Undoes S3's `aws-chunked` encoding: sized chunks, each perhaps signed, then trailers. */
export class ChunkDecoder {
  readonly trailers: Record<string, string> = {};
  readonly #signatures: ChunkSignatures | undefined;
  readonly #minBytes: number;
  #state: State = "size";
  #line = "";
  #chunks = 0;
  /** Of the chunk before. */
  #size = Infinity;
  #left = 0;
  #trailers = "";

  constructor(signatures?: ChunkSignatures, minBytes = MIN_CHUNK_BYTES) {
    this.#signatures = signatures;
    this.#minBytes = minBytes;
  }

  push(input: Buffer, emit: (data: Buffer) => void): void {
    let at = 0;
    while (at < input.length) {
      if (this.#state === "data") {
        const data = input.subarray(at, at + this.#left);
        this.#signatures?.update(data);
        emit(data);
        at += data.length;
        this.#left -= data.length;
        if (this.#left === 0) this.#state = "after-data";
      } else {
        const end = input.indexOf(10, at);
        const stop = end < 0 ? input.length : end + 1;
        this.#line += input.toString("latin1", at, stop);
        if (this.#line.length > MAX_LINE_BYTES) throw invalidChunk();
        at = stop;
        if (end >= 0) {
          const line = this.#line.trimEnd();
          this.#line = "";
          this.#readLine(line);
        }
      }
    }
  }

  finish(): void {
    // Not every client ends its trailers with an empty line.
    if (this.#state === "trailers") {
      if (this.#line !== "") this.#readLine(this.#line.trimEnd());
      this.#end();
    }
    if (this.#state !== "done")
      throw new ApiError("IncompleteBody", 400, "The request body terminated unexpectedly");
  }

  #readLine(line: string): void {
    if (this.#state === "size") {
      const [, size, signature] =
        /^([0-9a-f]{1,16})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line) ?? [];
      if (size === undefined) throw invalidChunk();
      this.#signatures?.begin(signature);
      this.#left = Number.parseInt(size, 16);
      if (this.#left > 0) {
        if (this.#size < this.#minBytes) throw smallChunk(this.#chunks, this.#size);
        this.#size = this.#left;
        this.#chunks += 1;
        this.#state = "data";
      } else {
        this.#signatures?.endChunk();
        this.#state = "trailers";
      }
    } else if (this.#state === "after-data") {
      if (line !== "") throw invalidChunk();
      this.#signatures?.endChunk();
      this.#state = "size";
    } else if (this.#state === "trailers") {
      if (line === "") this.#end();
      else this.#readTrailer(line);
    } else if (line !== "") throw invalidChunk();
  }

  #readTrailer(line: string): void {
    const at = line.indexOf(":");
    if (at < 1 || Object.keys(this.trailers).length >= MAX_TRAILERS) throw invalidChunk();
    const name = line.slice(0, at).toLowerCase().trim();
    const value = line.slice(at + 1).trim();
    this.trailers[name] = value;
    if (name !== "x-amz-trailer-signature") this.#trailers += `${name}:${value}\n`;
  }

  #end(): void {
    if (this.#trailers !== "")
      this.#signatures?.checkTrailers(this.#trailers, this.trailers["x-amz-trailer-signature"]);
    this.#state = "done";
  }
}

/** The signatures of a streamed body: each covers its chunk and the signature before it. */
export class ChunkSignatures {
  readonly #request: Verified;
  #previous: string;
  #claimed = "";
  #hash: Hash = createHash("sha256");

  constructor(request: Verified) {
    this.#request = request;
    this.#previous = request.signature;
  }

  begin(claimed: string | undefined): void {
    this.#claimed = claimed ?? "";
    this.#hash = createHash("sha256");
  }

  update(data: Buffer): void {
    this.#hash.update(data);
  }

  endChunk(): void {
    this.#check("PAYLOAD", [sha256(""), this.#hash.digest("hex")], this.#claimed);
  }

  checkTrailers(trailers: string, claimed: string | undefined): void {
    this.#check("TRAILER", [sha256(trailers)], claimed ?? "");
  }

  #check(kind: string, hashes: readonly string[], claimed: string): void {
    const { key, date, scope } = this.#request;
    const text = [`AWS4-HMAC-SHA256-${kind}`, date, scope, this.#previous, ...hashes].join("\n");
    const expected = sign(key, text);
    if (!sameText(expected, claimed))
      throw new ApiError("SignatureDoesNotMatch", 403, "The signature of a chunk does not match.");
    this.#previous = expected;
  }
}

function smallChunk(number: number, bytes: number): ApiError {
  return new ApiError(
    "InvalidChunkSizeError",
    403,
    `Only the last chunk is allowed to have a size less than ${MIN_CHUNK_BYTES} bytes`,
    { Chunk: String(number), BadChunkSize: String(bytes) },
  );
}

function invalidChunk(): ApiError {
  return new ApiError("InvalidChunkSizeError", 400, "The aws-chunked body is malformed.");
}
