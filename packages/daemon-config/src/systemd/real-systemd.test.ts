import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { REPOSITORY } from '../../../../test/support/cache.ts';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { readEngineCommand } from './engine-command.ts';
import { parseEnvironmentFile } from './environment-file.ts';
import { expandWords } from './expand.ts';
import { readServiceUnit } from './service-unit.ts';
import { effectiveEntries } from './unit-file.ts';
import { quoteWord, splitWords } from './words.ts';
import type { Word } from './words.ts';

// systemd's own user manager, with no session, bus or boot, in name spaces of its own: it has the last word on what a
// unit's text means.
const MANAGER = '/lib/systemd/systemd';
const IN_OWN_CGROUP = nodePath.join(REPOSITORY, 'test/host/in-own-cgroup');
const UNITS = 120;
const SEED = 252;

type Sample = {
  readonly line: string;
  readonly environment: string;
  readonly file: string;
  readonly unset?: string;
};

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

/** What each unit's command gets for arguments; a unit that systemd refuses gets none. */
async function runAll(samples: readonly Sample[]): Promise<readonly (readonly string[] | undefined)[]> {
  const units = nodePath.join(folder, 'config', 'systemd', 'user');
  fs.mkdirSync(units, { recursive: true });
  fs.mkdirSync(nodePath.join(folder, 'run'), { mode: 0o700 });
  samples.forEach((sample, n) => writeUnit(units, sample, n));
  const names = samples.map((_, n) => `t${n}.service`).join(' ');
  fs.writeFileSync(
    nodePath.join(units, 'all.target'),
    `[Unit]\nWants=${names}\nAfter=${names}\nWants=end.service\n`,
  );
  fs.writeFileSync(
    nodePath.join(units, 'end.service'),
    `[Unit]\nAfter=${names}\n[Service]\nType=oneshot\nExecStart=/bin/touch ${folder}/end\n`,
  );
  const script = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && ${MANAGER} --user --unit=all.target >${folder}/log 2>&1 &
    for i in $(seq 1000); do [ -e ${folder}/end ] && exit 0; sleep 0.1; done; exit 1`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    XDG_RUNTIME_DIR: `${folder}/run`,
    XDG_CONFIG_HOME: `${folder}/config`,
  };
  // Managers that share cgroups end each other's units of one name.
  const cgroup = nodePath.basename(folder);
  const command = ['unshare', '-m', '-p', '-f', '--kill-child', '--mount-proc', 'sh', '-c', script];
  const { status } = spawnSync(IN_OWN_CGROUP, [cgroup, ...command], { env });
  await eventually(() => expect(spawnSync(IN_OWN_CGROUP, ['--remove', cgroup], { env }).status).toBe(0));
  if (status !== 0) return [];
  return samples.map((_, n) => readArguments(nodePath.join(folder, `out${n}`)));
}

function writeUnit(units: string, { line, environment, file, unset = '' }: Sample, n: number): void {
  fs.writeFileSync(nodePath.join(folder, `env${n}`), file);
  const head = `[Service]\nType=oneshot\nEnvironment=${environment}\nEnvironmentFile=${folder}/env${n}\nUnsetEnvironment=${unset}\n`;
  const command = `/bin/sh -c 'for a; do printf "%%s\\\\0" "$a"; done >${folder}/out${n}' sh`;
  fs.writeFileSync(nodePath.join(units, `t${n}.service`), `${head}ExecStart=${command} ${line}\n`);
}

function readArguments(path: string): readonly string[] | undefined {
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\0').slice(0, -1) : undefined;
}

function ours({ line, environment, file }: Sample): readonly string[] | undefined {
  const [entry] = effectiveEntries(
    [{ path: 'x', text: `[Service]\nExecStart=x ${line}\n` }],
    'Service',
    'ExecStart',
  );
  const variables = new Map([...assignments(environment), ...parseEnvironmentFile(file)]);
  try {
    return expandWords(splitWords(entry?.value ?? '').slice(1), variables).map(({ value }) => value);
  } catch {
    return undefined;
  }
}

/** The same by a whole unit. */
function argumentsOf({ line, environment, file, unset }: Required<Sample>): readonly string[] {
  const text = `[Service]\nEnvironment=${environment}\nEnvironmentFile=/env\nUnsetEnvironment=${unset}\nExecStart=/usr/bin/dockerd ${line}\n`;
  const unit = readServiceUnit([{ path: '/lib/systemd/system/docker.service', text }]);
  return readEngineCommand(unit, { texts: new Map([['/env', file]]) }).arguments.map(({ value }) => value);
}

function assignments(environment: string): ReadonlyMap<string, string> {
  const words: readonly Word[] = splitWords(environment);
  return new Map(
    words.map(({ value }) => [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)]),
  );
}

function pieces(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...texts), { maxLength: 10 }).map((parts) => parts.join(''));
}

const line = pieces(
  'a',
  'b',
  ' ',
  ' ',
  '"',
  "'",
  '""',
  "' '",
  '\\\\',
  '\\"',
  '\\s',
  '\\x41',
  '\\102',
  '\\u00fc',
  '$$',
  ' $A ',
  ' $B ',
  '${A}',
  '${B}',
  '${NOPE}',
  ' $NOPE ',
  '%%',
  '-H',
  '=',
  '\\\n',
  '\t',
  '$',
  '{',
  '}',
  ' ; ',
  ' \\; ',
).filter((text) => !/(^|\s);(\s|$)/.test(text));
const value = pieces(
  'a',
  'b',
  ' ',
  '"',
  "'",
  '\\\\',
  '\\"',
  '$',
  '`',
  '#',
  '=',
  '\\',
  '\t',
  '"x y"',
  "'x y'",
);
const file = fc.tuple(value, value).map(([a, b]) => `# c\nA=${a}\n B = ${b}\nexport C=1\n`);
const environment = fc.constantFrom('', 'A=1 B=2', `"A=x 'y z'" B=w`, `'B=q r'`);

describeNeeding(['root', 'name spaces', 'mounts', 'systemd'], 'systemd itself', () => {
  test('makes the same arguments of a command line and its variables', async () => {
    const samples = fc.sample(fc.record({ line, environment, file }), { numRuns: UNITS, seed: SEED });
    const results = await runAll(samples);
    expect(results).toHaveLength(UNITS);
    const differing = samples.flatMap((sample, n) => {
      const [theirs, mine] = [results[n], ours(sample)];
      return JSON.stringify(theirs) === JSON.stringify(mine) ? [] : [{ sample, theirs, ours: mine }];
    });
    expect(differing).toEqual([]);
  });

  test('takes away the variables that UnsetEnvironment= names', async () => {
    const samples = ['', 'A', 'A B', 'A=1', 'A=2', '"B=x y"', "'A' B=x", 'A\\x3d1'].map((unset) => ({
      line: '$A ${A} $B ${B} end',
      environment: 'A=1',
      file: 'B="x y"\n',
      unset,
    }));
    expect((await runAll(samples)).map((args) => args ?? [])).toEqual(samples.map(argumentsOf));
  });

  test('reads back what we quote', async () => {
    const character = fc.constantFrom(...'ab $%{}"\'\\;#=/:-\tü🐳');
    const words = fc.array(
      fc.array(character, { maxLength: 8 }).map((parts) => parts.join('')),
      { maxLength: 6 },
    );
    const values = fc.sample(words, { numRuns: UNITS, seed: SEED });
    const lines = values.map((list) => list.map((text) => quoteWord(text, { expands: true })).join(' '));
    const results = await runAll(lines.map((text) => ({ line: text, environment: 'a=WRONG', file: '' })));
    expect(results).toEqual(values);
  });
});
