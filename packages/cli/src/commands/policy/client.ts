import path from 'node:path';
import { standingOf } from '@docker-mtls/authz';
import type { Standing } from '@docker-mtls/authz';
import { readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { readFile } from '@docker-mtls/files';
import type { Subject } from '@docker-mtls/policy';
import { subjectOfCertificate } from '@docker-mtls/secure/bindings';
import type { PolicyFile } from '@docker-mtls/secure/bindings';
import { inRegistry } from '../../authz/registered-clients.ts';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';

/** A client that a command line names. */
export type NamedClient = {
  readonly subject: Subject;
  /** Its certificate is known, or it has none. */
  readonly isKnown: boolean;
  /** Whether it is served at all. */
  readonly standing: Standing;
};

type Found = { readonly certificate: Certificate; readonly isRevoked: boolean };

/** By its certificate where that is known: a file, or the registry of the CA. */
export async function clientNamed(
  { file, policy }: PolicyFile,
  { args, io }: { readonly args: Args; readonly io: Io },
): Promise<NamedClient> {
  const name = args.text('client') ?? '';
  const found = name === 'local' ? undefined : await find(name, args, io);
  const subject = subjectOf(name, found);
  const known = { subject, certificate: found?.certificate.pem };
  const standing = await standingOf(file, policy, { known, now: io.now().getTime() });
  return {
    subject,
    isKnown: found !== undefined || name === 'local',
    standing: found?.isRevoked === true && standing.refusal === undefined ? REVOKED : standing,
  };
}

const REVOKED: Standing = {
  refusal: { rule: 'revoked', reason: 'its CA has revoked its certificate' },
  isComplete: true,
};

async function find(name: string, args: Args, io: Io): Promise<Found | undefined> {
  if (/[/\\]/.test(name)) {
    const [certificate] = readCertificates(readFile(path.resolve(io.cwd, name)));
    return certificate && { certificate, isRevoked: false };
  }
  const entry = await inRegistry(args, io, async (reader) =>
    newest(await reader.entries({ kind: 'client', name, all: true })),
  );
  return entry && { certificate: entry.certificate(), isRevoked: entry.status === 'revoked' };
}

/** The one that is used, else the last that was. */
function newest(entries: readonly Entry[]): Entry | undefined {
  return entries.find(({ status }) => status === 'current') ?? entries[0];
}

function subjectOf(name: string, found: Found | undefined): Subject {
  if (name === 'local') return { kind: 'local' };
  if (found !== undefined) return subjectOfCertificate(found.certificate);
  const nothing = { organizationalUnits: [], uris: [], fingerprint: '', issuer: '' };
  return { kind: 'certificate', commonName: name, ...nothing };
}
