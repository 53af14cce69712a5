import * as fc from 'fast-check';

type Mutation = (bytes: Buffer) => Buffer;

const position = fc.nat({ max: 4096 });
const octet = fc.nat({ max: 255 });

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(position, octet).map(([at, value]) => (bytes: Buffer): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = value;
    return copy;
  }),
  position.map(
    (at) =>
      (bytes: Buffer): Buffer =>
        bytes.subarray(0, at % bytes.length),
  ),
  fc.tuple(position, fc.uint8Array({ maxLength: 20 })).map(([at, extra]) => (bytes: Buffer): Buffer => {
    const middle = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, middle), extra, bytes.subarray(middle)]);
  }),
  fc.tuple(position, fc.nat({ max: 20 })).map(([at, count]) => (bytes: Buffer): Buffer => {
    const middle = at % bytes.length;
    return Buffer.concat([bytes.subarray(0, middle), bytes.subarray(middle + count)]);
  }),
);

/** Good octets after up to three changes: an octet replaced, the end cut off, some put in, some taken out. */
export function mutated(bytes: Buffer): fc.Arbitrary<Buffer> {
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((mutations) =>
      mutations.reduce((mangled, mutate) => (mangled.length === 0 ? mangled : mutate(mangled)), bytes),
    );
}
