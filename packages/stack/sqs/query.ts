import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange.ts";
import { writeXml, type XmlChild } from "../xml.ts";
import type { SqsProtocol } from "./answer.ts";
import { queryCode, refuse } from "./errors.ts";
import { type Input, isRecord } from "./input.ts";

const NAMESPACE = "http://queue.amazonaws.com/doc/2012-11-05/";

/** Parameters in one request: a batch of ten messages with ten attributes each stays below. */
const MAX_PARAMETERS = 1000;

/** Whether a request is written as a form, as old clients do. It goes to the service or to a
 * queue's URL, with no query: a POST of S3 always has a query, and perhaps a form as its type. */
export function isQuery({ method, path, query, message }: Exchange): boolean {
  const type = message.headers["content-type"] ?? "";
  return (
    method === "POST" &&
    type.startsWith("application/x-www-form-urlencoded") &&
    /^\/(?:\d{12}\/[\w-]+)?$/.test(path) &&
    query === ""
  );
}

/** Lists and maps as forms write them, by the names that the JSON protocol has for them. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: "AttributeNames",
  MessageAttributeName: "MessageAttributeNames",
  MessageSystemAttributeName: "MessageSystemAttributeNames",
  TagKey: "TagKeys",
  SendMessageBatchRequestEntry: "Entries",
  DeleteMessageBatchRequestEntry: "Entries",
  ChangeMessageVisibilityBatchRequestEntry: "Entries",
};
const MAPS: Readonly<Record<string, string>> = {
  Attribute: "Attributes",
  MessageAttribute: "MessageAttributes",
  MessageSystemAttribute: "MessageSystemAttributes",
  Tag: "Tags",
};

/** The protocol of older SDKs: forms in, XML out. */
export const queryProtocol: SqsProtocol = {
  readRequest({ path }, body) {
    const parameters = [...new URLSearchParams(body)];
    if (parameters.length > MAX_PARAMETERS)
      throw refuse("InvalidParameterValue", "The request has too many parameters.");
    const tree = new Map<string, Node>();
    for (const [name, value] of parameters) plant(tree, name.split("."), value);
    const { Action, ...input } = readNode(tree) as Record<string, unknown>;
    const operation = typeof Action === "string" ? Action : "";
    if (operation === "CreateQueue" && input["Tags"] !== undefined) input["tags"] = input["Tags"];
    // A queue may be named by the path alone.
    if (path !== "/") input["QueueUrl"] ??= path;
    return { operation, input };
  },

  writeOutput(response, requestId, operation, output) {
    const metadata: XmlChild = ["ResponseMetadata", [["RequestId", requestId]]];
    const result: XmlChild = [`${operation}Result`, writeFields(operation, output)];
    send(response, 200, requestId, writeXml(`${operation}Response`, [result, metadata], NAMESPACE));
  },

  writeError(response, requestId, error) {
    const fields: XmlChild[] = [
      ["Type", error.status < 500 ? "Sender" : "Receiver"],
      ["Code", queryCode(error)],
      ["Message", error.message],
      ["Detail", ""],
    ];
    const body = writeXml(
      "ErrorResponse",
      [
        ["Error", fields],
        ["RequestId", requestId],
      ],
      NAMESPACE,
    );
    send(response, error.status, requestId, body);
  },
};

type Node = string | Map<string, Node>;

/** `a.1.b=c` becomes a → 1 → b → c. */
function plant(tree: Map<string, Node>, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    tree.set(name, value);
    return;
  }
  const standing = tree.get(name);
  const branch = standing instanceof Map ? standing : new Map<string, Node>();
  tree.set(name, branch);
  plant(branch, rest, value);
}

function readNode(node: Node): unknown {
  if (typeof node === "string") return node;
  const structure: Record<string, unknown> = {};
  for (const [name, child] of node) {
    const list = LISTS[name];
    const map = MAPS[name];
    if (list !== undefined && child instanceof Map) structure[list] = items(child).map(readNode);
    else if (map !== undefined && child instanceof Map) structure[map] = readMap(items(child));
    else structure[name] = readNode(child);
  }
  return structure;
}

/** What stands under 1, 2, 3 and so on, in that order. */
function items(node: Map<string, Node>): Node[] {
  return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);
}

function readMap(entries: readonly Node[]): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (const entry of entries) {
    const fields = readNode(entry);
    if (!isRecord(fields)) continue;
    const name = fields["Name"] ?? fields["Key"];
    if (typeof name === "string") map[name] = fields["Value"];
  }
  return map;
}

/** What the JSON protocol calls a list or a map, as repeated elements. */
function writeFields(operation: string, fields: Input): XmlChild[] {
  return Object.entries(fields).flatMap(([name, value]) => writeField(operation, name, value));
}

function writeField(operation: string, name: string, value: unknown): XmlChild[] {
  if (Array.isArray(value)) {
    const element = elementOf(operation, name);
    return value.map((item) => [element, writeValue(operation, item)]);
  }
  const entry = { Attributes: "Attribute", MessageAttributes: "MessageAttribute", Tags: "Tag" }[
    name
  ];
  if (entry !== undefined && isRecord(value))
    return Object.entries(value).map(([key, item]) => [
      entry,
      [
        [entry === "Tag" ? "Key" : "Name", key],
        ["Value", writeValue(operation, item)],
      ],
    ]);
  return [[name, writeValue(operation, value)]];
}

function writeValue(operation: string, value: unknown): string | readonly XmlChild[] {
  return isRecord(value) ? writeFields(operation, value) : String(value ?? "");
}

function elementOf(operation: string, list: string): string {
  switch (list) {
    case "QueueUrls":
    case "queueUrls":
      return "QueueUrl";
    case "Messages":
      return "Message";
    case "Successful":
      return `${operation}ResultEntry`;
    case "Failed":
      return "BatchResultErrorEntry";
    default:
      return list.replace(/s$/, "");
  }
}

function send(response: ServerResponse, status: number, requestId: string, body: string): void {
  response.writeHead(status, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": requestId,
  });
  response.end(body);
}
