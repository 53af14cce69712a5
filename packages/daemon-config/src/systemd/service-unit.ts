import { quote } from '@docker-mtls/errors';
import { isDropInOfOurs } from './drop-in-name.ts';
import { specified } from './expand.ts';
import { unitProblem } from './unit-error.ts';
import { effectiveEntries } from './unit-file.ts';
import type { UnitEntry, UnitFile } from './unit-file.ts';
import { splitWords } from './words.ts';
import type { Word } from './words.ts';

/** How a unit starts the engine. */
export type ServiceUnit = {
  /** The program, with systemd's prefixes such as `-` and `@`, as it is written. */
  readonly program: Word;
  /** What stands behind it. */
  readonly words: readonly Word[];
  /** False when a `:` before the program keeps systemd from replacing variables. */
  readonly expands: boolean;
  /** The file that has the last word, and the line. */
  readonly source: UnitEntry;
  /** Was it a drop-in of somebody's, and not the unit itself? */
  readonly isOverridden: boolean;
  readonly environment: ReadonlyMap<string, string>;
  /** Read by systemd before each start; their settings go before `environment`. */
  readonly environmentFiles: readonly string[];
  /** What is taken away in the end: names, or `NAME=VALUE`. */
  readonly unsetEnvironment: readonly string[];
};

const PREFIXES = /^[@\-:+!|]*/;

/**
 * Reads a service from its files, the unit first, then its drop-ins in systemd's order; ours is passed over. Throws
 * `DAEMON_CONFIG_UNIT` when it is not plain which command line starts the engine.
 */
export function readServiceUnit(allFiles: readonly UnitFile[]): ServiceUnit {
  const files = allFiles.filter(({ path }) => !isDropInOfOurs(path));
  const source = onlyCommand(effectiveEntries(files, 'Service', 'ExecStart'), files);
  const [program, ...rest] = splitWords(source.value);
  if (program === undefined) throw unitProblem(`${placeOf(source)}: no command`, 'correct the unit');
  const [prefixes = ''] = PREFIXES.exec(program.value) ?? [];
  if (rest.some(({ raw }) => raw === ';')) throw severalCommands(source);
  refuseOtherProgram(program.value.slice(prefixes.length), source);
  return {
    program: prefixes.includes('@') ? joined(program, rest[0]) : program,
    words: prefixes.includes('@') ? rest.slice(1) : rest,
    expands: !prefixes.includes(':'),
    source,
    isOverridden: source.path !== files[0]?.path,
    environment: readEnvironment(files),
    environmentFiles: readEnvironmentFiles(files),
    unsetEnvironment: effectiveEntries(files, 'Service', 'UnsetEnvironment')
      .flatMap(({ value }) => splitWords(value))
      .map(({ value }) => specified(value)),
  };
}

function onlyCommand(entries: readonly UnitEntry[], files: readonly UnitFile[]): UnitEntry {
  const [first, second] = entries;
  if (first === undefined) {
    const where = files[0]?.path ?? 'the unit';
    throw unitProblem(
      `${where} starts nothing: it has no ExecStart=`,
      'correct the unit, or name another one',
    );
  }
  if (second !== undefined) throw severalCommands(second);
  return first;
}

function severalCommands(entry: UnitEntry): Error {
  const hint = 'a drop-in must clear the old one with an empty ExecStart= before it sets its own';
  return unitProblem(`${placeOf(entry)}: a second command for a service that may have only one`, hint);
}

/** Flags that we see must be the engine's own: `sh -c "exec dockerd …"` says nothing of what arrives there. */
function refuseOtherProgram(path: string, entry: UnitEntry): void {
  if (/^dockerd(-[a-z]+)*(\.sh)?$/.test(path.split('/').at(-1) ?? '')) return;
  const hint = 'set hosts and TLS where that program takes them from, or let the unit start dockerd itself';
  throw unitProblem(`${placeOf(entry)}: starts ${quote(path)}, not dockerd`, hint);
}

/** With the prefix @, the word behind the program is the name it runs under. */
function joined(program: Word, name: Word | undefined): Word {
  if (name === undefined) return program;
  return { raw: `${program.raw} ${name.raw}`, value: `${program.value} ${name.value}` };
}

/** What `Environment=` says in these files. */
export function readEnvironment(files: readonly UnitFile[]): ReadonlyMap<string, string> {
  const words = effectiveEntries(files, 'Service', 'Environment').flatMap(({ value }) => splitWords(value));
  return new Map(
    words.flatMap(({ value }) => {
      const [, name, text] = /^([A-Za-z_]\w*)=(.*)$/s.exec(specified(value)) ?? [];
      return name === undefined || text === undefined ? [] : [[name, text] as const];
    }),
  );
}

function readEnvironmentFiles(files: readonly UnitFile[]): readonly string[] {
  return effectiveEntries(files, 'Service', 'EnvironmentFile').map((entry) => {
    const path = specified(entry.value.replace(/^-/, ''));
    if (!path.startsWith('/') || /[%*?[]/.test(path)) throw unclearFile(entry);
    return path;
  });
}

/** A specifier or a pattern stands for files that we would have to guess, and a flag that clashes may be in them. */
function unclearFile(entry: UnitEntry): Error {
  return unitProblem(
    `${placeOf(entry)}: ${quote(entry.value)} does not say plainly which file it is`,
    'write the whole path, without % and without a pattern',
  );
}

export function placeOf({ path, line }: UnitEntry): string {
  return `${path}:${line}`;
}
