import type { Verifier } from "./define.ts";

/** Verifiers by name, each with its versions, the newest first. */
export class Registry {
  readonly #byName = new Map<string, Verifier[]>();

  /** Throws where two verifiers share name and version. */
  constructor(verifiers: Iterable<Verifier>) {
    for (const verifier of verifiers) {
      const versions = this.#byName.get(verifier.name) ?? [];
      if (versions.some(({ version }) => version === verifier.version))
        throw new Error(`two verifiers call themselves ${verifier.name}@${verifier.version}`);
      versions.push(verifier);
      versions.sort((a, b) => b.version - a.version);
      this.#byName.set(verifier.name, versions);
    }
  }

  /** The verifier that `math` (the newest) or `math@2` means, if it is shipped. */
  find(reference: string): Verifier | undefined {
    const at = reference.indexOf("@");
    if (at < 0) return this.#byName.get(reference)?.[0];
    const version = Number(reference.slice(at + 1));
    return this.#byName.get(reference.slice(0, at))?.find((one) => one.version === version);
  }

  /** The newest of each, by name. */
  all(): Verifier[] {
    return [...this.#byName.values()]
      .flatMap((versions) => versions.slice(0, 1))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
