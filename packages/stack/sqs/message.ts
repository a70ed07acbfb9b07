import { createHash } from "node:crypto";
import { invalid, missing, refuse } from "./errors.ts";
import { type Input, isRecord, optionalInteger, optionalText, record, text } from "./input.ts";

/** Attributes on one message, as SQS bounds them. */
const MAX_ATTRIBUTES = 10;
const MAX_ATTRIBUTE_NAME = 256;
const MAX_DELAY_S = 900;
const MAX_GROUP_ID = 128;
/** Trace headers count towards no limit of SQS, so they need one of their own. */
const MAX_TRACE = 1024;

/** What XML 1.0 cannot carry SQS does not take, in any protocol. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as it travels in JSON. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** A message as a sender hands it over, checked. */
export interface Draft {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly delayMs?: number;
  readonly group?: string;
  readonly trace?: string;
}

/** A message as a receiver gets it. */
export interface Message {
  readonly id: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sent: number;
  readonly receives: number;
  readonly firstReceived: number;
  readonly deadLetterSource?: string;
  readonly group?: string;
  readonly trace?: string;
}

export function md5(data: string): string {
  return createHash("md5").update(data).digest("hex");
}

/** Names, types and values in the order of their names, each after its length: what clients
 * compute too, to find out whether their attributes arrived whole. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const update = (value: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    hash.update(length).update(value);
  };
  for (const name of names) {
    const { DataType, StringValue, BinaryValue } = attributes[name] ?? { DataType: "" };
    update(Buffer.from(name));
    update(Buffer.from(DataType));
    hash.update(Buffer.from([BinaryValue === undefined ? 1 : 2]));
    update(
      BinaryValue === undefined
        ? Buffer.from(StringValue ?? "")
        : Buffer.from(BinaryValue, "base64"),
    );
  }
  return hash.digest("hex");
}

export function readDraft(input: Input, maxBytes: number): Draft {
  const body = text(input, "MessageBody");
  checkCharacters(body);
  const attributes = readAttributes(record(input, "MessageAttributes"));
  if (sizeOf(body, attributes) > maxBytes)
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  const delayS = optionalInteger(input, "DelaySeconds", 0, MAX_DELAY_S);
  const group = optionalText(input, "MessageGroupId");
  if (group !== undefined && (group === "" || group.length > MAX_GROUP_ID))
    throw invalid(`MessageGroupId must have 1 to ${MAX_GROUP_ID} characters.`);
  const trace = readTrace(record(input, "MessageSystemAttributes"));
  return {
    body,
    attributes,
    ...(delayS !== undefined && { delayMs: delayS * 1000 }),
    ...(group !== undefined && { group }),
    ...(trace !== undefined && { trace }),
  };
}

/** Body and attributes together, which is what SQS bounds and bills. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes))
    bytes +=
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue ?? "") +
      Buffer.byteLength(BinaryValue ?? "", "base64");
  return bytes;
}

function readAttributes(given: Input): MessageAttributes {
  const names = Object.keys(given);
  if (names.length > MAX_ATTRIBUTES)
    throw invalid(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  const attributes: Record<string, MessageAttribute> = {};
  for (const name of names) {
    if (
      !/^[\w-]+(\.[\w-]+)*$/.test(name) ||
      name.length > MAX_ATTRIBUTE_NAME ||
      /^(aws|amazon)\./i.test(name)
    )
      throw invalid(`The name of message attribute '${name}' is invalid.`);
    attributes[name] = readAttribute(name, given[name]);
  }
  return attributes;
}

function readAttribute(name: string, given: unknown): MessageAttribute {
  if (!isRecord(given)) throw invalid(`The message attribute '${name}' must be a structure.`);
  const type = text(given, "DataType");
  if (!/^(String|Number|Binary)(\..{1,249})?$/.test(type))
    throw invalid(`The type of message attribute '${name}' is invalid.`);
  const isBinary = type.startsWith("Binary");
  const value = optionalText(given, isBinary ? "BinaryValue" : "StringValue");
  if (value === undefined || value === "")
    throw invalid(`The message attribute '${name}' must contain a non-empty value.`);
  if (isBinary) return { DataType: type, BinaryValue: value };
  checkCharacters(value);
  if (type.startsWith("Number") && !Number.isFinite(Number(value)))
    throw invalid(`Can't cast the value of message attribute '${name}' to a number.`);
  return { DataType: type, StringValue: value };
}

function readTrace(given: Input): string | undefined {
  for (const name of Object.keys(given))
    if (name !== "AWSTraceHeader")
      throw invalid(`The message system attribute '${name}' is unknown.`);
  const attribute = given["AWSTraceHeader"];
  if (attribute === undefined) return undefined;
  const value = isRecord(attribute) ? optionalText(attribute, "StringValue") : undefined;
  if (value === undefined) throw missing("AWSTraceHeader.StringValue");
  if (value.length > MAX_TRACE) throw invalid("AWSTraceHeader is too long.");
  return value;
}

function checkCharacters(value: string): void {
  if (FORBIDDEN.test(value))
    throw refuse(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.",
    );
}
