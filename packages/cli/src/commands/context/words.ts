import { parseEngineHost } from '@docker-mtls/bundle';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** The context that the command line names. */
export function contextNamed(args: Args): string {
  const name = args.text('context');
  if (name === undefined) throw new UsageError('CONTEXT is missing', 'docker-mtls context --help');
  return name;
}

/** The engine of `--for`, as a context keeps it. What has a scheme of its own is judged by the context's code. */
export function hostOf(args: Args): string | undefined {
  const text = args.text('for');
  if (text === undefined) return undefined;
  return /^(?!tcp:)[a-z]+:\/\//i.test(text) ? text : parseEngineHost(text).url;
}
