import { hash } from 'node:crypto';
import { quote } from '@docker-mtls/errors';
import { BundleError } from '../error.ts';
import { DEFAULT_PORT } from '../layout/engine-host.ts';
import type { EngineHost } from '../layout/engine-host.ts';

// docker/cli cli/context/store/store.go, restrictedNamePattern.
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;
const LONGEST_HOST = 64;

/** A name that the Docker CLI takes for a context. Code: `BUNDLE_CONTEXT_INVALID`. */
export function parseContextName(text: string): string {
  if (text === 'default') throw refused(text, 'Docker keeps that name for itself');
  if (!NAME.test(text)) throw refused(text, 'the Docker CLI would not take it');
  return text;
}

function refused(text: string, reason: string): BundleError {
  return new BundleError('BUNDLE_CONTEXT_INVALID', `no context can be named ${quote(text)}: ${reason}`, {
    hint: 'use two or more letters, digits, _ . + and -, a letter or digit first',
  });
}

/**
 * The name that a context of this engine gets where nobody chose one: the host's, as far as Docker allows it. Two
 * engines never get the same: no host name has `_` or `+`.
 */
export function contextNameOf({ name, port }: EngineHost): string {
  const host = shorten(name.replaceAll(':', '_'));
  const plain = port === DEFAULT_PORT ? host : `${host}+${port}`;
  return /^[a-zA-Z0-9]./.test(plain) && plain !== 'default' ? plain : `engine_${plain}`;
}

/** A host name may have 253 characters, a tar's plain header has room for 100. */
function shorten(name: string): string {
  if (name.length <= LONGEST_HOST) return name;
  const digest = hash('sha256', name);
  return `${name.slice(0, LONGEST_HOST - 9)}_${digest.slice(0, 8)}`;
}
