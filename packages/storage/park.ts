import { ShardMessage } from "@assay/schema";
import type { World } from "./ports.ts";

/** The longest that SQS delays a message, in seconds. */
const MOST_DELAY_S = 900;
/** The first round's delay, in seconds; each further one doubles it. */
const FIRST_DELAY_S = 30;

/** A message of a dead-letter queue. */
export interface Parked {
  readonly body: string;
  /** How often it has been parked before, from its attribute `rounds`. */
  readonly rounds: number;
}

/** Rule 15: queues a dead letter anew, a shard to go line by line, a submission unchanged. It is
 * never dropped and never answered by records: its line may still be under way elsewhere. Returns
 * how often it has now been parked. */
export async function parkMessage(world: World, { body, rounds }: Parked): Promise<number> {
  const round = rounds + 1;
  const shard = asShard(body);
  const queue = shard === undefined ? world.submissions : world.shards;
  await queue.send([
    {
      body: shard === undefined ? body : JSON.stringify({ ...shard, solo: true }),
      numbers: { rounds: round },
      ...(shard === undefined ? {} : { group: shard.job }),
      delayS: Math.min(MOST_DELAY_S, FIRST_DELAY_S * 2 ** (round - 1)),
    },
  ]);
  return round;
}

function asShard(body: string): ShardMessage | undefined {
  try {
    return ShardMessage.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
