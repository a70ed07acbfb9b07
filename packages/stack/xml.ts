import { ApiError } from "./errors.ts";

/** Deeper than any request of S3. */
const MAX_DEPTH = 10;

export interface XmlElement {
  readonly name: string;
  /** Its own text, without that of its children. */
  text: string;
  readonly children: XmlElement[];
}

export type XmlValue = string | number | boolean | readonly XmlChild[];
export type XmlChild = readonly [name: string, value: XmlValue] | undefined | false;

export function writeXml(root: string, children: readonly XmlChild[], namespace?: string): string {
  const attribute = namespace === undefined ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${writeChildren(children)}</${root}>`;
}

function writeChildren(children: readonly XmlChild[]): string {
  let text = "";
  for (const child of children) {
    if (!child) continue;
    const [name, value] = child;
    text += `<${name}>${typeof value === "object" ? writeChildren(value) : escapeXml(String(value))}</${name}>`;
  }
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Control characters become references: a bare carriage return would arrive as a line feed. */
function escapeXml(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them
    /[&<>"'\u0000-\u0008\u000b-\u001f]/g,
    (character) => ESCAPES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
  );
}

/** Reads small documents: elements, text and entities. Attributes are skipped;
 * a document type, and with it every entity of its own, is refused. */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: "", text: "", children: [] };
  const open = [root];
  const token = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)[^<>]*?(\/?)>|([^<]+)/y;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    const element = open.at(-1);
    if (match === null || element === undefined) throw malformed();
    const [, closing, qualified, empty, text] = match;
    if (text !== undefined) {
      element.text += unescapeXml(text);
    } else if (qualified !== undefined) {
      const name = qualified.slice(qualified.indexOf(":") + 1);
      if (closing === "/") {
        if (open.length === 1 || element.name !== name) throw malformed();
        open.pop();
      } else {
        const child: XmlElement = { name, text: "", children: [] };
        element.children.push(child);
        if (empty !== "/") open.push(child);
        if (open.length > MAX_DEPTH) throw malformed();
      }
    }
  }
  const [document] = root.children;
  if (open.length !== 1 || root.children.length !== 1 || document === undefined) throw malformed();
  return document;
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

export function childText(element: XmlElement, name: string): string | undefined {
  return childrenNamed(element, name)[0]?.text;
}

export function malformed(): ApiError {
  return new ApiError(
    "MalformedXML",
    400,
    "The XML you provided was not well-formed or did not validate against our published schema.",
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&([^;&]{0,10});?/g, (_, entity: string) => {
    const known = ENTITIES[entity];
    if (known !== undefined) return known;
    const [, hex, decimal] = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(entity) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff)) throw malformed();
    return String.fromCodePoint(code);
  });
}
