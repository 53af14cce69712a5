import { UsageError } from '../command-line/usage-error.ts';

/** The global flags of docker that have a value, by their long name, and all others: docker/cli cli/flags/options.go. */
const WITH_VALUE: Readonly<Record<string, string>> = {
  '--config': '--config',
  '--context': '--context',
  '-c': '--context',
  '--host': '--host',
  '-H': '--host',
  '--log-level': '--log-level',
  '-l': '--log-level',
  '--tlscacert': '--tlscacert',
  '--tlscert': '--tlscert',
  '--tlskey': '--tlskey',
};

const WITHOUT_VALUE: Readonly<Record<string, string>> = {
  '--debug': '--debug',
  '-D': '--debug',
  '--help': '--help',
  '-h': '--help',
  '--tls': '--tls',
  '--tlsverify': '--tlsverify',
  '--version': '--version',
  '-v': '--version',
};

const YES = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** A flag by its long name. `true` and `false` are the values of flags that take none. */
export type DockerFlag = { readonly name: string; readonly value: string | boolean };

/** The flags at the beginning of docker's arguments, and all that follows them. */
export function leadingFlags(argv: readonly string[]): {
  readonly flags: readonly DockerFlag[];
  readonly rest: readonly string[];
} {
  const [word, ...others] = argv;
  if (word === undefined || word === '-' || !word.startsWith('-')) return { flags: [], rest: argv };
  if (word === '--') return { flags: [], rest: others };
  const { flags, usesNext } = word.startsWith('--') ? longFlag(word, others) : shortFlags(word, others);
  const after = leadingFlags(usesNext ? others.slice(1) : others);
  return { flags: [...flags, ...after.flags], rest: after.rest };
}

type Read = { readonly flags: readonly DockerFlag[]; readonly usesNext: boolean };

function longFlag(word: string, others: readonly string[]): Read {
  const [spelling = '', ...parts] = word.split('=');
  const glued = parts.length === 0 ? undefined : parts.join('=');
  const bare = WITHOUT_VALUE[spelling];
  if (bare !== undefined)
    return { flags: [{ name: bare, value: glued === undefined || YES.has(glued) }], usesNext: false };
  return withValue(spelling, glued, others);
}

/** `-Hx`, `-H=x` and `-H x` are the same, and flags without a value may come before it: `-DHx`. */
function shortFlags(word: string, others: readonly string[]): Read {
  const flags: DockerFlag[] = [];
  for (let at = 1; at < word.length; at += 1) {
    const spelling = `-${word[at] ?? ''}`;
    const bare = WITHOUT_VALUE[spelling];
    const tail = word.slice(at + 1);
    if (bare === undefined) {
      const { flags: last, usesNext } = withValue(spelling, tail.replace(/^=/, '') || undefined, others);
      return { flags: [...flags, ...last], usesNext };
    }
    flags.push({ name: bare, value: !tail.startsWith('=') || YES.has(tail.slice(1)) });
    if (tail.startsWith('=')) break;
  }
  return { flags, usesNext: false };
}

function withValue(spelling: string, glued: string | undefined, [next]: readonly string[]): Read {
  const name = WITH_VALUE[spelling];
  if (name === undefined) throw new UsageError(`docker has no global option ${spelling}`, 'docker --help');
  const value = glued ?? next;
  if (value === undefined) throw new UsageError(`${spelling} needs a value`, 'docker --help');
  return { flags: [{ name, value }], usesNext: glued === undefined };
}
