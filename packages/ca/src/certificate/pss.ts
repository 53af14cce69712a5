import { DerError, DerReader, readOnly, smallNumber } from '../der/read.ts';
import { TAG, contextConstructedTag } from '../der/tag.ts';
import { readAlgorithm } from './signature-algorithm.ts';
import type { AlgorithmIdentifier } from './signature-algorithm.ts';

export type Pss = { readonly digest: string; readonly saltLength: number };

const WHAT = 'parameters of RSASSA-PSS';
const SALT_LENGTHS: Readonly<Record<string, number | undefined>> = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * The parameters of RSASSA-PSS (RFC 4055 section 3.1) as Go takes them: one digest for all, a salt as long as it;
 * `undefined` for any others.
 */
export function readPss({ parameters }: AlgorithmIdentifier): Pss | undefined {
  if (parameters?.tag !== TAG.sequence) return undefined;
  try {
    return pssOf(new DerReader(parameters.content));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function pssOf(reader: DerReader): Pss | undefined {
  const hash = algorithmIn(field(reader, 0));
  const mask = algorithmIn(field(reader, 1));
  const saltLength = numberIn(field(reader, 2));
  const trailer = reader.atEnd ? 1 : numberIn(field(reader, 3));
  reader.finish(WHAT);
  const inMask = mask.name === 'mgf1' && mask.parameters && readAlgorithm(mask.parameters, WHAT);
  const isPlain =
    inMask && [hash, inMask].every(({ parameters }) => (parameters?.tag ?? TAG.null) === TAG.null);
  if (!isPlain || inMask.name !== hash.name || trailer !== 1) return undefined;
  return SALT_LENGTHS[hash.name] === saltLength ? { digest: hash.name, saltLength } : undefined;
}

/** What is inside of an EXPLICIT field. The defaults of those left out are SHA-1's. */
function field(reader: DerReader, number: number): Buffer {
  return reader.read(contextConstructedTag(number), WHAT).content;
}

function algorithmIn(content: Buffer): AlgorithmIdentifier {
  return readAlgorithm(readOnly(content, TAG.sequence, WHAT), WHAT);
}

function numberIn(content: Buffer): number {
  return smallNumber(readOnly(content, TAG.integer, WHAT), WHAT);
}
