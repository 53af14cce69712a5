import { publishedIn, readCertificates } from '@docker-mtls/ca';
import { readFileIfExists } from '@docker-mtls/files';

export type LookUp = typeof publishedIn;

/** Where the book's image puts what it brings, keys that everybody has among them. */
const BOOK_FOLDER = '/diamol-certs/';

/** What is to be said of a file whose private key is public, be it that it is replaced now; nothing of most. */
export function publishedWarning(file: string, lookUp: LookUp = publishedIn): readonly string[] {
  const where = publishedBy(file, lookUp);
  return where === undefined ? [] : [warning(file, where)];
}

/** The same of a file that can be suspected of it alone, because it cannot be read. */
export function publishedSuspicion(file: string): readonly string[] {
  return file.startsWith(BOOK_FOLDER) && fingerprintsIn(file).length === 0 ? [suspicion(file)] : [];
}

function publishedBy(file: string, lookUp: LookUp): string | undefined {
  return fingerprintsIn(file)
    .map(lookUp)
    .find((where) => where !== undefined);
}

function fingerprintsIn(file: string): readonly string[] {
  try {
    return readCertificates(readFileIfExists(file) ?? '').map(({ info }) => info.fingerprint);
  } catch {
    // Not to be read, or no certificate at all: then it is none that we know.
    return [];
  }
}

function warning(file: string, where: string): string {
  return `${file} was compromised from the start: its private key is public, in ${where}, so anybody could use this engine, or pose as it. Clients of that CA are served until the engine restarts; look through what runs here`;
}

function suspicion(file: string): string {
  return `${file} is where a book's image puts certificates with public private keys, and it cannot be read here: if they are those, anybody could use this engine`;
}
