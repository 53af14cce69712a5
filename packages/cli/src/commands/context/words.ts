import path from 'node:path';
import { parseEngineHost } from '@docker-mtls/bundle';
import { parseClientName } from '@docker-mtls/ca';
import type { ContextClient } from '@docker-mtls/context';
import { isFolder } from '../../client/client-source.ts';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

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

/** The client of `--client`: a name, or a folder that a bundle was unpacked to. */
export function clientOf(args: Args, io: Io): ContextClient | undefined {
  const client = args.text('client');
  if (client === undefined) return undefined;
  return isFolder(client) ? { folder: path.resolve(io.cwd, client) } : { name: parseClientName(client) };
}
