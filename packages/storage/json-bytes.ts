/** JSON as the bytes of an object. */
export function toBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

export function fromBytes(body: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}
