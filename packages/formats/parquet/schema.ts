import { GroupLine, Trajectory } from "@assay/schema";
import { Unreadable } from "../unreadable.ts";
import { OPTIONAL, REPEATED, type SchemaElement } from "./schema-element.ts";
import type { Stored } from "./values.ts";

/** How deep the schema may nest. A level of JSON takes up to three of Parquet. */
const MAX_DEPTH = 128;
/** The most columns that hold values: each has a page in memory. */
const MAX_COLUMNS = 2_048;
/** The longest path to a column, in characters: each column has its own in memory. */
const MAX_PATH_CHARS = 4_096;
/** Of odd columns, so many are named. */
const MAX_NAMED = 5;

/** Whatever a trajectory or a group line may have. */
export const FIELDS: readonly string[] = Object.keys({ ...Trajectory.shape, ...GroupLine.shape });
/** What pandas names the index that it writes along; it takes it out again when it reads. */
const PANDAS_INDEX = /^__index_level_\d+__$/;

const MESSAGE = String.raw`(\[\](\.tool_calls(\[\](\.function)?)?)?)`;
/** Where the schema takes no string: text there is JSON. */
const JSON_PLACE = new RegExp(
  String.raw`^(task(\.spec|\.rubric(\[\](\.spec)?)?)?|metadata|prompt${MESSAGE}|(rollouts\[\]\.)?messages${MESSAGE}?|rollouts(\[\](\.metadata)?)?)$`,
);

/** A column that holds values. */
export interface Leaf {
  /** As people write it: `messages[].role`. */
  readonly path: string;
  readonly stored: Stored;
  readonly meaning: SchemaElement["meaning"];
  /** Whether text in it is JSON. */
  readonly isJson: boolean;
  /** The level of repetition of its innermost list, and that of definition at which it has a value. */
  readonly maxRep: number;
  readonly maxDef: number;
}

interface Place {
  /** Its leaves: [first, last) of all. */
  readonly first: number;
  readonly last: number;
  /** The level of definition from which on it is not null. */
  readonly def: number;
}
/** Items that follow one another within a row: from `itemDef` on there is one, and what comes
 * behind the first has the level of repetition `rep`. */
interface Repeated extends Place {
  readonly rep: number;
  readonly itemDef: number;
}
export interface LeafNode extends Place {
  readonly kind: "leaf";
}
export interface StructNode extends Place {
  readonly kind: "struct";
  readonly fields: readonly Field[];
}
export interface Field {
  readonly name: string;
  /** `"name":`, as JSON has it. */
  readonly key: Uint8Array;
  readonly node: Node;
}
export interface ListNode extends Repeated {
  readonly kind: "list";
  readonly item: Node;
}
export interface MapNode extends Repeated {
  readonly kind: "map";
  readonly key: LeafNode;
  readonly value: Node | undefined;
}
export type Node = LeafNode | StructNode | ListNode | MapNode;

export interface Schema {
  readonly root: StructNode;
  readonly leaves: readonly Leaf[];
}

/** The schema as a tree; refuses what no trajectory has. */
export function readSchema(elements: readonly SchemaElement[]): Schema {
  return new SchemaReader(elements).read();
}

interface Levels {
  readonly path: string;
  readonly def: number;
  readonly rep: number;
  readonly depth: number;
}

class SchemaReader {
  readonly #elements: readonly SchemaElement[];
  readonly #leaves: Leaf[] = [];
  #next = 0;

  constructor(elements: readonly SchemaElement[]) {
    this.#elements = elements;
  }

  read(): Schema {
    const element = this.#take();
    const whole = this.#struct(element, { path: "", def: 0, rep: 0, depth: 0 });
    if (this.#next !== this.#elements.length || element.type !== undefined)
      throw new Unreadable("its footer is corrupt: its schema does not add up");
    const fields = whole.fields.filter(({ name }) => !PANDAS_INDEX.test(name));
    const odd = fields.filter(({ name }) => !FIELDS.includes(name)).map(({ name }) => `"${name}"`);
    const named = odd.slice(0, MAX_NAMED).join(", ") + (odd.length > MAX_NAMED ? " and more" : "");
    if (odd.length > 0)
      throw new Unreadable(
        `no trajectory has the column${odd.length > 1 ? "s" : ""} ${named}: the columns are ${FIELDS.join(", ")}, and data of your own goes under "metadata"`,
      );
    if (fields.length === 0) throw new Unreadable("it has no columns");
    return { root: { ...whole, fields }, leaves: this.#leaves };
  }

  #take(): SchemaElement {
    const element = this.#elements[this.#next++];
    if (element === undefined)
      throw new Unreadable("its footer is corrupt: its schema does not add up");
    return element;
  }

  /** What stands next, below `above`. */
  #field(above: Levels): Field {
    const element = this.#take();
    const { name } = element;
    const path = above.path === "" ? name : `${above.path}.${name}`;
    if (path.length > MAX_PATH_CHARS)
      throw new Unreadable(
        `it has a column whose name is longer than ${MAX_PATH_CHARS} characters`,
      );
    const key = Buffer.from(`${JSON.stringify(name)}:`);
    return { name, key, node: this.#node(element, { ...above, path, depth: above.depth + 1 }) };
  }

  #node(element: SchemaElement, above: Levels): Node {
    const { repetition } = element;
    // A field that repeats, outside of what is named a list, is one all the same: it is never null.
    if (repetition === REPEATED) return this.#list(element, above, () => element);
    const levels = repetition === OPTIONAL ? { ...above, def: above.def + 1 } : above;
    return this.#unrepeated(element, levels);
  }

  #unrepeated(element: SchemaElement, levels: Levels): Node {
    if (levels.depth > MAX_DEPTH)
      throw new Unreadable(`its schema nests deeper than ${MAX_DEPTH} levels`);
    const { children, meaning, type } = element;
    if (type !== undefined) return this.#leaf(element, levels);
    if (meaning.kind === "variant")
      throw new Unreadable(
        `its column "${levels.path}" is a VARIANT, which is not read: write it as JSON text`,
      );
    const inner = this.#elements[this.#next];
    if (children === 1 && inner?.repetition === REPEATED) {
      if (meaning.kind === "list") return this.#list(element, levels, () => this.#take());
      if (meaning.kind === "map" && inner.type === undefined) return this.#map(levels);
    }
    return this.#struct(element, levels);
  }

  #leaf({ meaning, type, width }: SchemaElement, { def, path, rep }: Levels): LeafNode {
    const first = this.#leaves.length;
    if (first >= MAX_COLUMNS)
      throw new Unreadable(
        `it has more than ${MAX_COLUMNS} columns, those in structs counted: write "metadata" or "task" as JSON text`,
      );
    const isJson = meaning.kind === "json" || JSON_PLACE.test(path);
    const stored = { type: type as number, width };
    this.#leaves.push({ path, stored, meaning, isJson, maxRep: rep, maxDef: def });
    return { kind: "leaf", first, last: first + 1, def };
  }

  #struct({ children }: SchemaElement, levels: Levels): StructNode {
    const first = this.#leaves.length;
    const fields: Field[] = [];
    const names = new Set<string>();
    for (let child = 0; child < children; child++) {
      const field = this.#field(levels);
      if (names.has(field.name))
        throw new Unreadable(`two of its columns are called "${field.name}"`);
      names.add(field.name);
      fields.push(field);
    }
    if (fields.length === 0)
      throw new Unreadable(
        levels.path === "" ? "it has no columns" : `its column "${levels.path}" has no fields`,
      );
    return { kind: "struct", first, last: this.#leaves.length, def: levels.def, fields };
  }

  /** `repeated` is what repeats: the list itself, or a group in it that most writers put there. */
  #list(list: SchemaElement, above: Levels, repeated: () => SchemaElement): ListNode {
    const { def, depth } = above;
    const first = this.#leaves.length;
    const element = repeated();
    const path = `${above.path}[]`;
    const levels = { path, def: def + 1, rep: above.rep + 1, depth: depth + 1 };
    const isWrapper = element !== list && this.#isWrapper(element, list.name);
    const item = isWrapper
      ? this.#node(this.#take(), { ...levels, depth: depth + 2 })
      : this.#unrepeated(element, levels);
    const last = this.#leaves.length;
    return { kind: "list", first, last, def, item, rep: levels.rep, itemDef: levels.def };
  }

  /** Whether the group that repeats only holds the item, or is one: the format's own rules for
   * what older writers made. */
  #isWrapper({ children, name, type }: SchemaElement, list: string): boolean {
    if (type !== undefined || children !== 1) return false;
    if (this.#elements[this.#next]?.repetition === REPEATED) return false;
    return name !== "array" && name !== `${list}_tuple`;
  }

  #map(above: Levels): MapNode {
    const first = this.#leaves.length;
    const { children } = this.#take();
    const { depth, path } = above;
    const levels = { path, def: above.def + 1, rep: above.rep + 1, depth: depth + 2 };
    const key = this.#node(this.#take(), { ...levels, path: `${path}{key}` });
    if (key.kind !== "leaf" || key.def > levels.def || children > 2 || children < 1)
      throw new Unreadable(`its map "${path}" has keys that are no JSON keys`);
    const value =
      children === 2 ? this.#node(this.#take(), { ...levels, path: `${path}{}` }) : undefined;
    const last = this.#leaves.length;
    const { def, rep } = levels;
    return { kind: "map", first, last, def: above.def, key, value, rep, itemDef: def };
  }
}
