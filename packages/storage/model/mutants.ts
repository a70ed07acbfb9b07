import type { Edit } from "./protocol.ts";

/** Shortcuts that lose or repeat a record, or never end: each a small change of the very code. */
export const MUTANTS: Readonly<Record<string, readonly Edit[]>> = {
  "acknowledges after another's 412": [
    {
      file: "shard.ts",
      from: "  return { disposition, tally:",
      to: '  return { disposition: disposition === "leave" ? "ack" : disposition, tally:',
    },
  ],
  "acknowledges before the remainder is queued": [
    {
      file: "shard.ts",
      from: "await this.#world.shards.send([",
      to: "void this.#world.shards.send([",
    },
  ],
  "announces a part after the acknowledgement": [
    {
      file: "shard.ts",
      from: "await announcePart(this.#world, this.#message, part, records);",
      to: "void announcePart(this.#world, this.#message, part, records).catch(() => {});",
    },
  ],
  "a planner that acknowledges before its shards are sent": [
    {
      file: "plan.ts",
      from: "await world.shards.send(messages);",
      to: "void world.shards.send(messages).catch(() => {});",
    },
  ],
  "no announcement where the manifest stands already": [
    {
      file: "finish.ts",
      from: "  await world.rewards.create(manifestKey(job.job, sid), toBytes(manifest));",
      to: '  if ((await world.rewards.create(manifestKey(job.job, sid), toBytes(manifest))) === "exists") return;',
    },
  ],
  "counts a try whatever its age": [
    {
      file: "shard.ts",
      from: "nowMs - modifiedMs > policy.TRY_DEAD_MS",
      to: "nowMs >= modifiedMs",
    },
  ],
  "counts the try of a worker that stopped alive": [
    { file: "shard.ts", from: "if (!crashed) await this.#world.rewards.remove(mark);", to: "" },
  ],
  "never goes alone": [
    {
      file: "shard.ts",
      from: "return this.#message.solo || this.#delivery.receives >= policy.SOLO_RECEIVE;",
      to: "return false;",
    },
  ],
  "lets the next lines share a lone line's invocation": [
    { file: "shard.ts", from: "lines.take(1)", to: "lines.take(100)" },
  ],
  "marks no tries": [
    {
      file: "shard.ts",
      from: "if (!crashed) await this.#world.rewards.create(mark, new Uint8Array(0));",
      to: "",
    },
  ],
  "skips the plan of a source that another shard size would split": [
    {
      file: "plan.ts",
      from: "  if (!isSplit(job.source)) return SMALLEST_SHARD_BYTES;",
      to: "  if (job.source.size >= 0) return shardBytes;",
    },
  ],
  "shares a writer's id between handlings": [
    { file: "shard.ts", from: "this.#writer = world.newId();", to: "this.#writer = message.sid;" },
  ],
  "never closes an empty shard": [
    {
      file: "shard.ts",
      from: "    return await this.#finish();\n  }\n\n  /** Rule 8",
      to: '    return this.#parts.size > 0 ? await this.#finish() : "ack";\n  }\n\n  /** Rule 8',
    },
  ],
  "queues a remainder with another end": [
    {
      file: "shard.ts",
      from: "start: this.#chainEnd, solo: false };",
      to: "start: this.#chainEnd, end: this.#message.source.size, solo: false };",
    },
  ],
  "park drops what it parks": [
    {
      file: "park.ts",
      from: "  const round = rounds + 1;",
      to: "  const round = rounds + 1;\n  if (round > 0) return round;",
    },
  ],
  "looks for no chain": [
    { file: "shard.ts", from: "    if (!first) await this.#lookUp();", to: "" },
  ],
  "owes a dead worker's announcements for ever": [
    {
      file: "shard.ts",
      from: "if (start >= this.#message.start) await announcePart(this.#world, this.#message, part);",
      to: "",
    },
  ],
  "counts only its own parts where it closes a shard": [
    {
      file: "shard.ts",
      from: "await listParts(this.#world.rewards, this.#message, this.#shard);\n    const parts",
      to: "[...this.#parts.keys()];\n    const parts",
    },
  ],
  "writes the manifest while shards are open": [
    { file: "finish.ts", from: "  if (objects.length < shard.of) return;", to: "" },
  ],
  "acknowledges where nothing is written": [
    {
      file: "shard.ts",
      from: 'if (!this.#wrote()) return "again";',
      to: 'if (!this.#wrote()) return "ack";',
    },
  ],
  "rejects nothing where the source is gone": [
    {
      file: "shard.ts",
      from: "    await reject(this.#world, this.#delivery.messageId,",
      to: '    if (this.#parts.size >= 0) return "ack";\n    await reject(this.#world, this.#delivery.messageId,',
    },
  ],
  "begins a shard at its first byte, whatever stands before it": [
    { file: "lines.ts", from: "const from = Math.max(0, start - 1);", to: "const from = start;" },
  ],
};
