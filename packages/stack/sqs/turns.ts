import type { DatabaseSync } from "node:sqlite";
import { prepare } from "../database.ts";

/** So many groups' turns are remembered; one that is forgotten is served a little early. */
const MAX_REMEMBERED = 10_000;

interface Group {
  /** Null: all messages that name none. */
  readonly name: string | null;
  readonly inFlight: number;
}

/** Whose turn it is in a queue whose messages name groups. SQS's fair queues put those behind that
 * have much under way; here the groups with the least under way come first, and of these the one
 * that was served longest ago, so that a long job holds no short one up. */
export class Turns {
  readonly #groups: ReturnType<typeof groupsIn>;
  readonly #served = new Map<string, number>();
  #count = 0;

  constructor(db: DatabaseSync) {
    this.#groups = groupsIn(db);
  }

  /** The groups of a queue in the order in which they are to be served. */
  order(queue: number, now: number): (string | null)[] {
    const groups = this.#groups.all(queue, queue, queue, queue, now);
    const turn = ({ name }: Group) => this.#served.get(`${queue} ${name}`) ?? 0;
    if (groups.length > 1) groups.sort((a, b) => a.inFlight - b.inFlight || turn(a) - turn(b));
    return groups.map(({ name }) => name);
  }

  serve(queue: number, group: string | null): void {
    const key = `${queue} ${group}`;
    // The last served comes last, so that the oldest is known where too many are held.
    this.#served.delete(key);
    this.#served.set(key, ++this.#count);
    if (this.#served.size > MAX_REMEMBERED)
      this.#served.delete(this.#served.keys().next().value as string);
  }
}

/** The groups by jumps along the index, so that it takes as long as there are groups, not messages. */
function groupsIn(db: DatabaseSync) {
  return prepare<Group>(
    db,
    `WITH RECURSIVE jumps(name) AS (
      SELECT min(group_id) FROM messages WHERE queue = ?
      UNION ALL
      SELECT (SELECT min(group_id) FROM messages WHERE queue = ? AND group_id > name)
      FROM jumps WHERE name IS NOT NULL
    ), names(name) AS (
      SELECT name FROM jumps WHERE name IS NOT NULL
      UNION ALL
      SELECT NULL WHERE EXISTS (SELECT 1 FROM messages WHERE queue = ? AND group_id IS NULL)
    )
    SELECT name, (
      SELECT count(*) FROM messages
      WHERE queue = ? AND group_id IS name AND visible > ? AND receipt IS NOT NULL
    ) AS inFlight FROM names`,
  );
}
