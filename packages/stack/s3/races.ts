import { ApiError } from "../errors.ts";

interface Race {
  readonly bucket: string;
  readonly key: string;
  isLost: boolean;
}

/** Writes that are under way while something may happen to their key. */
export class Races {
  readonly #running = new Set<Race>();

  /** Does a write; `check`, called just before it takes effect, gives it up if the key was deleted
   * while the body was on its way, as S3 does with a conditional one. */
  async run<Result>(
    bucket: string,
    key: string,
    write: (check: () => void) => Promise<Result>,
  ): Promise<Result> {
    const race: Race = { bucket, key, isLost: false };
    this.#running.add(race);
    try {
      return await write(() => {
        if (race.isLost) throw conflict(key);
      });
    } finally {
      this.#running.delete(race);
    }
  }

  lose(bucket: string, key: string): void {
    for (const race of this.#running)
      if (race.bucket === bucket && race.key === key) race.isLost = true;
  }
}

function conflict(key: string): ApiError {
  return new ApiError(
    "ConditionalRequestConflict",
    409,
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { Key: key },
  );
}
