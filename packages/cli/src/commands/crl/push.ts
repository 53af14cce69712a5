import path from 'node:path';
import { readCrls } from '@docker-mtls/ca';
import { escapeUnprintable, isMtlsError, MtlsError, quote } from '@docker-mtls/errors';
import { PUBLIC_FILE, readFileIfExists, replaceFile } from '@docker-mtls/files';
import { parseSshHost, putFile } from '@docker-mtls/ssh';
import type { SshHost } from '@docker-mtls/ssh';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { LARGEST_LIST } from '@docker-mtls/ca-directory';

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

/** Code: `SSH_HOST_INVALID`; another kind of address, and what names no file, is a mistake. */
export function parsePushTarget(text: string, { cwd }: Io): PushTarget {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { path: path.resolve(cwd, text) };
  if (!text.startsWith('ssh://'))
    throw new UsageError(`--push ${quote(text)} is neither a path nor an ssh:// address`, FORM);
  const host = parseSshHost(text);
  if (host.socket !== undefined) return { host };
  throw new UsageError(`--push ${host.url} names no file`, FORM);
}

const FORM = 'write a path, or ssh://user@host/path/of/crl.pem';
const PATIENCE = { connect: 15, answer: 60 } as const;

/** Puts a list in place there, by a rename. What keeps it from one place keeps it from no other. */
export async function push(target: PushTarget, pem: string, { env }: Io): Promise<Pushed> {
  if ('path' in target) return pushHere(target.path, pem);
  const to = target.host.url;
  const file = { text: pem, mark: 'BEGIN X509 CRL' };
  const problem = await putFile(target.host, file, { env, patience: PATIENCE });
  return problem === undefined
    ? { to }
    : { to, problem: escapeUnprintable(problem.message), hint: problem.hint };
}

function pushHere(file: string, pem: string): Pushed {
  try {
    refuseOther(file, 'name another file with --push');
    replaceFile(file, pem, PUBLIC_FILE);
    return { to: file };
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { message, hint } = error;
    return { to: file, problem: message, ...(hint !== undefined && { hint }) };
  }
}

/** A file that is not a revocation list was not written by this command. Code: `OUT_EXISTS`. */
export function refuseOther(file: string, hint: string): void {
  const bytes = readFileIfExists(file, LARGEST_LIST);
  if (bytes === undefined) return;
  try {
    readCrls(bytes);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    throw new MtlsError('OUT_EXISTS', `${file} exists, and is not a revocation list`, { hint });
  }
}
