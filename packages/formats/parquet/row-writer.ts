import { MAX_LINE_BYTES } from "@assay/schema";
import { Unreadable } from "../unreadable.ts";
import type { Column } from "./column.ts";
import { type WriteValue, writerOf } from "./json-values.ts";
import { type LineBuffer, Overlong } from "./line-buffer.ts";
import type { ListNode, MapNode, Node, Schema, StructNode } from "./schema.ts";

/** The most values of a row, nulls counted. Nulls leave no trace in a line, so its bytes do not bound
 * them, and one by one they take their time. */
const MAX_ROW_VALUES = MAX_LINE_BYTES;

/**
 * Puts rows together. The columns of a list's items each say anew how many items there are and
 * which of them are null; where they do not say the same, nothing of the row is to be believed.
 */
export class RowWriter {
  readonly #root: StructNode;
  readonly #out: LineBuffer;
  readonly #writers: readonly WriteValue[];
  /** By the number of their leaf; those that nobody reads are not there. */
  #columns: readonly (Column | undefined)[] = [];
  #valuesLeft = 0;

  constructor({ leaves, root }: Schema, out: LineBuffer) {
    this.#root = root;
    this.#out = out;
    this.#writers = leaves.map(writerOf);
  }

  /** Takes rows from these columns from now on. */
  readFrom(columns: readonly (Column | undefined)[]): void {
    this.#columns = columns;
  }

  /** Writes the row that stands next in all columns. Throws `Overlong` where it is too long for a
   * line. */
  write(): void {
    this.#valuesLeft = MAX_ROW_VALUES;
    this.#writeFields(this.#root, 0);
  }

  /** Writes what stands next, which has the level of repetition `rep`. False: it is null, and
   * nothing was written. */
  #write(node: Node, rep: number, aboveDef: number): boolean {
    if (this.#passNull(node, rep, aboveDef)) return false;
    const first = this.#column(node.first);
    if (node.kind === "leaf") {
      this.#count(1);
      return (this.#writers[node.first] as WriteValue)(this.#out, first.take());
    }
    if (node.kind === "struct") this.#writeFields(node, rep);
    else if (first.def < node.itemDef) {
      this.#pass(node, rep, node.itemDef);
      this.#out.ascii(node.kind === "list" ? "[]" : "{}");
    } else if (node.kind === "list") this.#writeItems(node, rep);
    else this.#writeEntries(node, rep);
    return true;
  }

  #writeFields(node: StructNode, rep: number): void {
    const out = this.#out;
    let before = "{";
    for (const { key, node: field } of node.fields) {
      // Most fields of most structs are null, which is the cheapest to see first.
      if (this.#passNull(field, rep, node.def)) continue;
      const start = out.length;
      out.ascii(before);
      out.json(key);
      if (this.#write(field, rep, node.def)) before = ",";
      else out.length = start;
    }
    out.ascii(before === "{" ? "{}" : "}");
  }

  #writeItems(node: ListNode, rep: number): void {
    const out = this.#out;
    out.ascii("[");
    this.#each(node, rep, (itemRep) => {
      if (!this.#write(node.item, itemRep, node.itemDef)) out.ascii("null");
    });
    out.ascii("]");
  }

  #writeEntries(node: MapNode, rep: number): void {
    const out = this.#out;
    out.ascii("{");
    this.#each(node, rep, (itemRep) => {
      const start = out.length;
      if (!this.#write(node.key, itemRep, node.itemDef)) out.ascii("null");
      out.quote(start);
      out.ascii(":");
      const isThere = node.value !== undefined && this.#write(node.value, itemRep, node.itemDef);
      if (!isThere) out.ascii("null");
    });
    out.ascii("}");
  }

  #each(node: ListNode | MapNode, rep: number, write: (itemRep: number) => void): void {
    const first = this.#column(node.first);
    write(rep);
    while (first.rep === node.rep) {
      this.#out.ascii(",");
      write(node.rep);
    }
    for (let leaf = node.first; leaf < node.last; leaf++)
      if (this.#column(leaf).rep >= node.rep) throw disagree();
  }

  /** Whether what stands next is null; if so, passes over it. */
  #passNull(node: Node, rep: number, aboveDef: number): boolean {
    const first = this.#column(node.first);
    if (first.rep !== rep || first.def < aboveDef) throw disagree();
    if (first.def >= node.def) return false;
    this.#pass(node, rep, node.def);
    return true;
  }

  /** Passes over what is null, or empty, in all its columns. */
  #pass(node: Node, rep: number, below: number): void {
    this.#count(node.last - node.first);
    for (let leaf = node.first; leaf < node.last; leaf++) {
      const column = this.#column(leaf);
      if (column.rep !== rep || column.def >= below) throw disagree();
      column.pass();
    }
  }

  #count(values: number): void {
    this.#valuesLeft -= values;
    if (this.#valuesLeft < 0) throw new Overlong();
  }

  #column(leaf: number): Column {
    return this.#columns[leaf] as Column;
  }
}

function disagree(): Unreadable {
  return new Unreadable("its columns are corrupt: they do not agree on what is there");
}
