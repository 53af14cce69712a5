import path from 'node:path';
import { quote } from '@docker-mtls/errors';
import type { PushTarget } from '@docker-mtls/secure/lists';
import { parseSshHost } from '@docker-mtls/ssh';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** Code: `SSH_HOST_INVALID`; another kind of address, and what names no file, is a mistake. */
export function parsePushTarget(text: string, io: Io): PushTarget {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { path: path.resolve(io.cwd, text) };
  if (!text.startsWith('ssh://'))
    throw new UsageError(`--push ${quote(text)} is neither a path nor an ssh:// address`, FORM);
  const host = parseSshHost(text);
  if (host.socket !== undefined) return { host };
  throw new UsageError(`--push ${host.url} names no file`, FORM);
}

const FORM = 'write a path, or ssh://user@host/path/of/crl.pem';
