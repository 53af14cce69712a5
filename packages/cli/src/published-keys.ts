import { publishedIn, readCertificates } from '@docker-mtls/ca';
import { readEngineFiles } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';

type LookUp = typeof publishedIn;

/** Where the book's image puts what it brings, keys that everybody has among them. */
const BOOK_FOLDER = '/diamol-certs/';

/** What is to be said of an engine that serves with keys that are public, be it that they are replaced now. */
export function publishedWarnings(
  document: DaemonConfigDocument,
  lookUp: LookUp = publishedIn,
): readonly string[] {
  const files = readEngineFiles(document);
  if (files === undefined) return [];
  return [files.ca, files.certificate].flatMap((file) => {
    const where = publishedBy(file, lookUp);
    if (where !== undefined) return [warning(file, where)];
    return isUnseen(file) ? [suspicion(file)] : [];
  });
}

/** The same of a file that another one replaces; nothing to say of most. */
export function publishedWarning(file: string, lookUp: LookUp = publishedIn): readonly string[] {
  const where = publishedBy(file, lookUp);
  return where === undefined ? [] : [warning(file, where)];
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

function isUnseen(file: string): boolean {
  return file.startsWith(BOOK_FOLDER) && fingerprintsIn(file).length === 0;
}

function warning(file: string, where: string): string {
  return `${file} was compromised from the start: its private key is public, in ${where}, so anybody could use this engine, or pose as it. Clients of that CA are served until the engine restarts; look through what runs here`;
}

function suspicion(file: string): string {
  return `${file} is where a book's image puts certificates with public private keys, and it cannot be read here: if they are those, anybody could use this engine`;
}
