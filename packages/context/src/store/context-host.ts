import { isMtlsError, quote } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh';
import { ContextError } from '../error.ts';

const SCHEMES = ['tcp', 'unix', 'npipe', 'http', 'https', 'fd'];

/**
 * The address of an engine as a context keeps it: `tcp://node1:2376`, `ssh://user@host`, `unix:///run/docker.sock`.
 * Code: `CONTEXT_HOST_INVALID`.
 */
export function parseContextHost(text: string): string {
  if (text.startsWith('ssh://')) return checkedSshHost(text);
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/([!-~]+)$/.exec(text) ?? [];
  if (!SCHEMES.includes(scheme) || rest === '') throw refused(text, 'it is no address of an engine');
  return text;
}

/** The Docker CLI looks at it only when the context is used, and hands on to ssh what may be an option. */
function checkedSshHost(text: string): string {
  try {
    parseSshHost(text);
    return text;
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    const { hint = '', message } = error;
    throw new ContextError('CONTEXT_HOST_INVALID', message, { hint, cause: error });
  }
}

function refused(text: string, reason: string): ContextError {
  return new ContextError('CONTEXT_HOST_INVALID', `${quote(text)} is refused: ${reason}`, {
    hint: 'write tcp://node1.example.com:2376, ssh://user@node1.example.com or unix:///run/docker.sock',
  });
}
