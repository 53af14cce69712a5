/** What a value of the policy may be. The parser walks it, and the published JSON Schema is written from it. */
export type Shape =
  | { readonly kind: 'text'; readonly about: string; readonly pattern: string; readonly values?: never }
  | {
      readonly kind: 'text';
      readonly about: string;
      readonly values: readonly string[];
      readonly pattern?: never;
    }
  | { readonly kind: 'list'; readonly about: string; readonly of: Shape; readonly least?: number }
  | {
      readonly kind: 'map';
      readonly about: string;
      readonly keys: string;
      readonly of: Shape;
      readonly least?: number;
    }
  | { readonly kind: 'any'; readonly about: string }
  | RecordShape
  | { readonly kind: 'choice'; readonly about: string; readonly of: readonly RecordShape[] };

export type RecordShape = {
  readonly kind: 'record';
  readonly about: string;
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, Shape>>;
  /** How many of the fields there must be, whichever. */
  readonly least?: number;
};

/** Of several records, the one whose first required field is there. */
export function chosenBy(shape: RecordShape): string {
  return shape.required[0] ?? '';
}

export function textShape(about: string, pattern: string): Shape {
  return { kind: 'text', about, pattern };
}

export function valueShape(about: string, values: readonly string[]): Shape {
  return { kind: 'text', about, values };
}

export function listShape(about: string, of: Shape, least = 0): Shape {
  return { kind: 'list', about, of, least };
}

export function recordShape(
  about: string,
  required: readonly string[],
  fields: Record<string, Shape>,
  least = 0,
): RecordShape {
  return { kind: 'record', about, required, fields, least };
}
