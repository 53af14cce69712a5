import { readCrls } from '@docker-mtls/ca';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';
import { escapeUnprintable, refusalOf } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { putFile } from '@docker-mtls/ssh';
import type { SshHost } from '@docker-mtls/ssh';
import { SecureError } from '../error.ts';

/** What `ssh` runs with. */
export type SshEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a list is to be put: a file here, or on a host that is reached over SSH. */
export type PushTarget = { readonly path: string } | { readonly host: SshHost };

export type Pushed = {
  readonly to: string;
  readonly problem?: string;
  readonly hint?: string;
  /** Milliseconds from the revocation until the plugin there went by the list. */
  readonly deniedAfter?: number;
  /** Why it is not known when that was. */
  readonly unconfirmed?: string;
};

const PATIENCE = { connect: 15, answer: 60 } as const;

/** Puts a list in place there, by a rename. What keeps it from one place keeps it from no other. */
export async function pushList(target: PushTarget, pem: string, env: SshEnvironment): Promise<Pushed> {
  if ('path' in target) return pushHere(target.path, pem);
  const to = target.host.url;
  const file = { text: pem, mark: 'BEGIN X509 CRL' };
  const problem = await putFile(target.host, file, { env, patience: PATIENCE });
  return problem === undefined
    ? { to }
    : { to, problem: escapeUnprintable(problem.message), hint: problem.hint };
}

function pushHere(file: string, pem: string): Pushed {
  const refusal = refusalOf(() => {
    refuseOtherThanList(file, 'name another file with --push');
    replaceFile(file, pem, PUBLIC_FILE);
  });
  if (refusal === undefined) return { to: file };
  const { message, hint } = refusal;
  return { to: file, problem: message, ...(hint !== undefined && { hint }) };
}

/** A file that is not a revocation list was not written by this command. Code: `OUT_EXISTS`. */
export function refuseOtherThanList(file: string, hint: string): void {
  const bytes = readFileIfExists(file, LARGEST_LIST);
  if (bytes !== undefined && refusalOf(() => readCrls(bytes)) !== undefined)
    throw new SecureError('OUT_EXISTS', `${file} exists, and is not a revocation list`, { hint });
}
