import { quote } from '@docker-mtls/errors';
import { BundleError } from '../error.ts';

// docker/cli cli/context/store/store.go, restrictedNamePattern.
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

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
