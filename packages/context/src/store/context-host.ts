import { quote } from '@docker-mtls/errors';
import { ContextError } from '../error.ts';

const SCHEMES = ['tcp', 'ssh', 'unix', 'npipe', 'http', 'https', 'fd'];

/**
 * The address of an engine as a context keeps it: `tcp://node1:2376`, `ssh://user@host`, `unix:///run/docker.sock`.
 * Code: `CONTEXT_HOST_INVALID`.
 */
export function parseContextHost(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/([!-~]+)$/.exec(text) ?? [];
  if (!SCHEMES.includes(scheme) || rest === '') throw refused(text, 'it is no address of an engine');
  // docker/cli cli/connhelper/ssh: it has no use for them, and says so only when the context is used.
  if (scheme === 'ssh' && /[?#]|:[^@/]*@/.test(rest))
    throw refused(text, 'the Docker CLI takes no password, query or fragment over SSH');
  return text;
}

function refused(text: string, reason: string): ContextError {
  return new ContextError('CONTEXT_HOST_INVALID', `${quote(text)} is refused: ${reason}`, {
    hint: 'write tcp://node1.example.com:2376, ssh://user@node1.example.com or unix:///run/docker.sock',
  });
}
