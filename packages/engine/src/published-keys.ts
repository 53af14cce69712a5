import { keyPublishedIn, readCertificates } from '@docker-mtls/ca';
import { readFileIfExists } from '@docker-mtls/files';

export type LookUp = typeof keyPublishedIn;

/** Where the book's image puts what it brings, keys that everybody has among them. */
const BOOK_FOLDER = '/diamol-certs/';

/** The warning for a certificate file whose private key is published; none for most. */
export function publishedWarning(file: string, lookUp: LookUp = keyPublishedIn): readonly string[] {
  const where = publishedBy(file, lookUp);
  return where === undefined ? [] : [warning(file, where)];
}

/** The warning for a file that can only be suspected of it, because it cannot be read. */
export function publishedSuspicion(file: string): readonly string[] {
  return file.startsWith(BOOK_FOLDER) && publicKeysIn(file).length === 0 ? [suspicion(file)] : [];
}

function publishedBy(file: string, lookUp: LookUp): string | undefined {
  return publicKeysIn(file)
    .map(lookUp)
    .find((where) => where !== undefined);
}

function publicKeysIn(file: string): readonly Buffer[] {
  try {
    return readCertificates(readFileIfExists(file) ?? '').map(({ info }) => info.publicKey);
  } catch {
    // Not readable, or not a certificate: then it is not one of the known ones.
    return [];
  }
}

function warning(file: string, where: string): string {
  return `${file} was compromised from the start: its private key is public, in ${where}, so anybody could use this engine, or pose as it. Clients of that CA are served until the engine restarts; look through what runs here`;
}

function suspicion(file: string): string {
  return `${file} is where a book's image puts certificates with public private keys, and it cannot be read here: if they are those, anybody could use this engine`;
}
