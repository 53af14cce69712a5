/** Where a piece of JSON stands in its text: [start, end) in UTF-16 units. */
export type Span = { readonly start: number; readonly end: number };

export type JsonString = Span & { readonly type: 'string'; readonly value: string };
export type JsonArray = Span & { readonly type: 'array'; readonly items: readonly JsonNode[] };
export type JsonObject = Span & { readonly type: 'object'; readonly members: readonly JsonMember[] };
export type JsonMember = Span & { readonly key: JsonString; readonly value: JsonNode };

/** A JSON value that knows its place. Numbers have no value: we never read one, and must not round one. */
export type JsonNode =
  | JsonObject
  | JsonArray
  | JsonString
  | (Span & { readonly type: 'number' })
  | (Span & { readonly type: 'boolean'; readonly value: boolean })
  | (Span & { readonly type: 'null' });

export function findMember(object: JsonObject | undefined, key: string): JsonMember | undefined {
  return object?.members.find((member) => member.key.value === key);
}
