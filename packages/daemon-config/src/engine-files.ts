import { readScalar } from './document.ts';
import type { DaemonConfigDocument } from './document.ts';
import { splice } from './json/edit-json.ts';
import { findMember } from './json/json-node.ts';

/** Paths of the CA, certificate and key that an engine serves with, as it sees them. */
export type EngineFiles = { readonly ca: string; readonly certificate: string; readonly key: string };

const KEYS = { ca: 'tlscacert', certificate: 'tlscert', key: 'tlskey' } as const;

/** The files that daemon.json names; `undefined` unless it names all three. */
export function readEngineFiles(document: DaemonConfigDocument): EngineFiles | undefined {
  const [ca, certificate, key] = [KEYS.ca, KEYS.certificate, KEYS.key].map((name) =>
    readScalar(document, name),
  );
  if (typeof ca !== 'string' || typeof certificate !== 'string' || typeof key !== 'string') return undefined;
  return { ca, certificate, key };
}

/** The text of daemon.json with other files in the place of those that it names; all else keeps its bytes. */
export function withEngineFiles({ text, root }: DaemonConfigDocument, files: EngineFiles): string {
  const splices = (['ca', 'certificate', 'key'] as const).flatMap((role) => {
    const value = findMember(root, KEYS[role])?.value;
    return value === undefined
      ? []
      : [{ start: value.start, end: value.end, text: JSON.stringify(files[role]) }];
  });
  return splice(text, splices);
}
