import { invalid, missing } from "./errors.ts";

/** What a client sent: nothing about it is known yet. */
export type Input = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(`${name} must be a string.`);
  return value;
}

export function text(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw missing(name);
  return value;
}

/** Numbers come as numbers in the JSON protocol and as digits in the Query protocol. */
export function optionalInteger(
  input: Input,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const given = input[name];
  if (given === undefined || given === null) return undefined;
  const value = typeof given === "string" && /^-?\d{1,15}$/.test(given) ? Number(given) : given;
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
    throw invalid(
      `Value ${String(given)} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`,
    );
  return value;
}

export function integer(input: Input, name: string, min: number, max: number): number {
  const value = optionalInteger(input, name, min, max);
  if (value === undefined) throw missing(name);
  return value;
}

export function texts(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw invalid(`${name} must be a list of strings.`);
  return value;
}

export function records(input: Input, name: string): Input[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every(isRecord))
    throw invalid(`${name} must be a list of structures.`);
  return value;
}

export function record(input: Input, name: string): Input {
  const value = input[name] ?? {};
  if (!isRecord(value)) throw invalid(`${name} must be a map.`);
  return value;
}

export function textMap(input: Input, name: string): Record<string, string> {
  const map: Record<string, string> = {};
  const given = record(input, name);
  for (const key of Object.keys(given)) map[key] = optionalText(given, key) ?? "";
  return map;
}
