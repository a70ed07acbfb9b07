import { formatPath, parse, SchemaError, type Task } from "@assay/schema";
import { type Judgement, prepare, type Registry, type Verifier } from "@assay/verifiers";

/** The most tasks whose preparation is kept: a step's prompts, with room. */
const MAX_KEPT_TASKS = 512;
/** The most characters of task JSON that are kept as keys: big tests must not fill the heap. */
const MAX_KEPT_CHARS = 8 * 1024 * 1024;

/** One component of a task, ready to judge any number of rollouts. */
export interface ReadyComponent {
  readonly name: string;
  readonly verifier: Verifier;
  /** With its version: `math@2`. */
  readonly label: string;
  readonly spec: unknown;
  readonly weight: number;
  readonly gate: boolean;
  readonly optional: boolean;
  readonly ready: { readonly prepared: unknown } | { readonly judgement: Judgement };
}

export interface ReadyTask {
  readonly components: readonly ReadyComponent[];
  readonly combine: "mean" | "sum";
}

/** Prepares tasks, each once: rollouts of one prompt mostly come one after another. */
export class Tasks {
  readonly #registry: Registry;
  readonly #kept = new Map<string, ReadyTask>();
  #chars = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Throws `SchemaError` where a verifier is unknown or a spec does not fit it. */
  ready(task: Task): ReadyTask {
    const key = JSON.stringify(task);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const made = this.#prepare(task);
    if (this.#kept.size >= MAX_KEPT_TASKS || this.#chars + key.length > MAX_KEPT_CHARS) {
      this.#kept.clear();
      this.#chars = 0;
    }
    if (key.length <= MAX_KEPT_CHARS) {
      this.#kept.set(key, made);
      this.#chars += key.length;
    }
    return made;
  }

  #prepare(task: Task): ReadyTask {
    if ("rubric" in task)
      return {
        components: task.rubric.map((item, i) => this.#component(item, ["task", "rubric", i])),
        combine: task.combine ?? "mean",
      };
    return { components: [this.#component(task, ["task"])], combine: "mean" };
  }

  #component(
    item: {
      readonly name?: string | undefined;
      readonly verifier: string;
      readonly spec: unknown;
      readonly weight?: number | undefined;
      readonly gate?: boolean | undefined;
      readonly optional?: boolean | undefined;
    },
    at: PropertyKey[],
  ): ReadyComponent {
    const verifier = this.#registry.find(item.verifier);
    if (verifier === undefined)
      throw new SchemaError(
        `${formatPath([...at, "verifier"])}: unknown verifier ${JSON.stringify(item.verifier)}, expected one of ${this.#names()}`,
      );
    const spec = parse(verifier.spec, item.spec, [...at, "spec"]);
    const gate = item.gate ?? false;
    return {
      name: item.name ?? verifier.name,
      verifier,
      label: `${verifier.name}@${verifier.version}`,
      spec,
      weight: gate ? 0 : (item.weight ?? 1),
      gate,
      optional: item.optional ?? false,
      ready: prepare(verifier, spec),
    };
  }

  #names(): string {
    return this.#registry
      .all()
      .map(({ name, version }) => `${name}@${version}`)
      .join(", ");
  }
}
