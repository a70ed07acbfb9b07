import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { batchesOf, GradingPool } from "@assay/grading";
import { itemTexts, JsonObject, parse, parseJson, SchemaError } from "@assay/schema";
import * as z from "zod";
import { UsageError } from "./exit.ts";

/** The largest request, in bytes: what is larger belongs into a bucket. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const ScoreRequest = z.strictObject({
  trajectories: z.array(JsonObject).min(1),
});

export interface Doors {
  readonly url: string;
  close(): Promise<void>;
}

/** A request that cannot be answered as it is. */
class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** HTTP on loopback: `GET /healthz`, and `POST /v1/score` for trajectories without a queue. */
export async function openDoors(port: number): Promise<Doors> {
  const pool = new GradingPool();
  // One call at a time is what a pool takes; the requests wait in line.
  let line: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    try {
      checkLoopback(request);
      const route = `${request.method} ${(request.url ?? "").split("?", 1)[0]}`;
      if (route === "GET /healthz") answer(response, 200, JSON.stringify({ status: "ok" }));
      else if (route === "POST /v1/score") {
        const lines = await readBody(request);
        const turn = line.then(() => scoreBody(pool, lines));
        line = turn.catch(() => {});
        const { body, failed } = await turn;
        // What is our fault must not look like an answer.
        answer(response, failed ? 503 : 200, body);
      } else throw new HttpError(404, `${route}: no such door`);
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500;
      answer(response, status, JSON.stringify({ error: { message: (error as Error).message } }));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          error.code === "EADDRINUSE"
            ? `port ${port} is in use: stop what listens there, or choose another port (--port)`
            : `cannot listen on port ${port} (${error.code}): choose another port (--port)`,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await pool.close();
    },
  };
}

/** A web page elsewhere can make a browser here send requests: such a one names another host. */
function checkLoopback({ headers, method }: IncomingMessage): void {
  const origin = headers.origin === undefined ? undefined : headers.origin.replace(/^\w+:\/\//, "");
  if (!LOOPBACK.test(headers.host ?? "") || (origin !== undefined && !LOOPBACK.test(origin)))
    throw new HttpError(403, "only from this machine");
  if (method === "POST" && !/^application\/json\b/.test(headers["content-type"] ?? ""))
    throw new HttpError(415, "expected content-type: application/json");
}

/** The request's trajectories, a line each. */
async function readBody(request: IncomingMessage): Promise<string[]> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new HttpError(413, `more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    const text = Buffer.concat(chunks).toString();
    parse(ScoreRequest, parseJson(text));
    return itemTexts(text, "trajectories").map((one) => `${one}\n`);
  } catch (error) {
    if (error instanceof SchemaError) throw new HttpError(400, error.message);
    throw error;
  }
}

async function scoreBody(
  pool: GradingPool,
  lines: readonly string[],
): Promise<{ body: string; failed: boolean }> {
  const origin = { job: "score", sid: "http", file: "http", queuedMs: 0 };
  const records: string[] = [];
  let failed = false;
  const batches = batchesOf(asBytes(lines), 0);
  for await (const graded of pool.grade(batches, { origin, settle: true })) {
    failed ||= graded.passing !== undefined;
    for (const text of new TextDecoder().decode(graded.records).split("\n"))
      if (text !== "") records.push(text);
  }
  return { body: `{"records":[${records.join()}]}`, failed };
}

async function* asBytes(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const text of lines) yield encoder.encode(text);
}

function answer(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(json);
}
