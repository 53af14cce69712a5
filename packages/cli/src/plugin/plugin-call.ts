import { environmentOf } from './docker-environment.ts';
import type { EnvironmentChange } from './docker-environment.ts';
import { leadingFlags } from './docker-flags.ts';
import type { DockerFlag } from './docker-flags.ts';

/** The word after `docker` that runs this program. */
const NAME = 'mtls';

/** What docker asks for: to run a command line, or to complete one. */
export type PluginCall =
  | { readonly kind: 'run'; readonly words: readonly string[]; readonly change: EnvironmentChange }
  | { readonly kind: 'complete'; readonly words: readonly string[]; readonly described: boolean };

/**
 * Reads the arguments of a plugin, which are all those of docker: its global options, and `help` or `__complete`, come
 * before the name, and all after the name belongs to the plugin. `undefined` if the name is missing: then another
 * plugin or a program that it started has left its environment to us. Throws `UsageError`.
 */
export function readPluginCall(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PluginCall | undefined {
  if (env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] === undefined || !argv.includes(NAME)) return undefined;
  const first = leadingFlags(argv);
  const [verb = '', ...others] = first.rest;
  if (verb === NAME) return runCall(first.flags, others);
  const second = leadingFlags(others);
  if (second.rest[0] !== NAME) return undefined;
  const flags = [...first.flags, ...second.flags];
  const words = second.rest.slice(1);
  if (verb === 'help') return runCall(flags, ['help', ...words]);
  if (verb === '__complete') return { kind: 'complete', words, described: true };
  if (verb === '__completeNoDesc') return { kind: 'complete', words, described: false };
  return undefined;
}

function runCall(flags: readonly DockerFlag[], words: readonly string[]): PluginCall {
  const change = environmentOf(flags);
  const asks = (wanted: string): boolean =>
    flags.some(({ name, value }) => name === wanted && value === true);
  if (asks('--help')) return { kind: 'run', words: ['help', ...words.filter(isPlain)], change };
  if (asks('--version')) return { kind: 'run', words: ['--version'], change };
  return { kind: 'run', words, change };
}

function isPlain(word: string): boolean {
  return !word.startsWith('-');
}
