import { writtenKeys } from '../document.ts';
import type { DaemonConfigDocument } from '../document.ts';
import type { TcpAddress } from '../host.ts';
import { printable } from '../printable.ts';
import { DROP_IN_MARK, DROP_IN_NAME, isOurs } from './drop-in-name.ts';
import type { EngineCommand } from './engine-command.ts';
import { keyOfFlag } from './engine-flags.ts';
import type { EngineFlag } from './engine-flags.ts';
import { isVariable } from './expand.ts';
import { planPublication } from './plan-publication.ts';
import type { PublicationPlan } from './plan-publication.ts';
import { ROOTLESSKIT_FLAGS, publishFlag } from './rootlesskit-flags.ts';
import type { Publication } from './rootlesskit-flags.ts';
import { placeOf } from './service-unit.ts';
import { unitProblem } from './unit-error.ts';
import { filesBehind, refuseLater } from './later-drop-ins.ts';
import { effectiveEntries } from './unit-file.ts';
import type { UnitFile } from './unit-file.ts';
import { quoteWord } from './words.ts';
import type { Word } from './words.ts';

export type DropInPlan = {
  readonly path: string;
  /** What stands there; `undefined`: nothing. */
  readonly before: string | undefined;
  /** What must stand there; `undefined`: nothing, for no flag clashes. */
  readonly after: string | undefined;
  readonly changes: readonly DropInChange[];
  readonly warnings: readonly string[];
  /** The engine's arguments as they will be, for `dockerd --validate`. */
  readonly flags: readonly string[];
};

export type DropInChange = { readonly flag: string; readonly key: string; readonly why: string };

type Surroundings = {
  /** The planned daemon.json. */
  readonly document: DaemonConfigDocument;
  /** The unit and its drop-ins, ours included. */
  readonly files: readonly UnitFile[];
  /** Where ours belongs: `/etc/systemd/system/docker.service.d`. */
  readonly folder: string;
  /** For a rootless engine: the addresses of this machine on which rootlesskit is to publish it, besides those it has. */
  readonly publish?: readonly TcpAddress[] | undefined;
};

type Kept = { readonly raw: string; readonly replaced: Word | undefined };

/**
 * Plans the drop-in that takes away the flags which daemon.json says too, and nothing else: the engine does not start
 * with a setting given both ways, be the value the same. Throws `DAEMON_CONFIG_UNIT`.
 */
export function planDropIn(
  command: EngineCommand,
  { document, files, folder, publish }: Surroundings,
): DropInPlan {
  const path = `${folder}/${DROP_IN_NAME}`;
  const before = files.find((file) => file.path === path)?.text;
  if (before !== undefined && !isOurs(before)) throw foreign(path);
  const keys = writtenKeys(document);
  const clashing = command.flags.filter((flag) => clashes(flag, keys));
  const removed = new Set(clashing.flatMap((flag) => flag.arguments));
  const kept = command.unit.words.flatMap((word, index) => keepWord(command, { word, index, removed }));
  const publication =
    publish === undefined ? undefined : planPublication(command, { document, files, path, publish });
  const parts = [
    ...(publication === undefined ? [] : [writePublication(publication)]),
    ...(clashing.length === 0 ? [] : [writeCommand(command, clashing, kept)]),
  ];
  if (clashing.length > 0) refuseLater(effectiveEntries(filesBehind(files, path), 'Service', 'ExecStart'));
  return {
    path,
    before,
    after: parts.length === 0 ? undefined : writeDropIn(parts),
    changes: [
      ...clashing.map((flag) => describe(command, flag)),
      ...(publication?.added ?? []).map(describePublished),
    ],
    warnings: [
      ...(clashing.length === 0 ? [] : [...variableWarnings(command, kept), ...overrideWarning(command)]),
      ...pluginWarning(command.flags.filter((flag) => !clashing.includes(flag))),
    ],
    flags: otherArguments(command, clashing),
  };
}

/**
 * The hosts of the command line that no drop-in of docker-mtls has taken away yet: what it took, daemon.json has since, or was
 * not to have.
 */
export function remainingHosts(
  { hosts }: Pick<EngineCommand, 'hosts'>,
  { files, folder }: Pick<Surroundings, 'files' | 'folder'>,
): readonly string[] {
  const ours = files.find(({ path }) => path === `${folder}/${DROP_IN_NAME}`)?.text ?? '';
  const taken = new Set(ours.split('\n'));
  return hosts.filter((value) => !taken.has(takenLine({ name: 'host', value })));
}

/** Validation names a file of its own. */
function otherArguments(
  { arguments: args, flags }: EngineCommand,
  clashing: readonly EngineFlag[],
): readonly string[] {
  const configFile = flags.filter(({ name }) => name === 'config-file');
  const gone = new Set([...clashing, ...configFile].flatMap((flag) => flag.arguments));
  return args.flatMap(({ value }, index) => (gone.has(index) ? [] : [value]));
}

/** moby daemon/config findConflictsAgainstFlags: `runtimes` alone may be given both ways. */
function clashes({ name }: EngineFlag, keys: ReadonlySet<string>): boolean {
  // Up to 27 this key had the flag's own name.
  return keys.has(keyOfFlag(name)) || (name === 'host-gateway-ip' && keys.has(name));
}

/** A word stays as it is written unless one of the arguments it stands for goes. */
function keepWord(
  { unit, arguments: args }: EngineCommand,
  { word, index, removed }: { word: Word; index: number; removed: ReadonlySet<number> },
): readonly Kept[] {
  const mine = args.flatMap((argument, place) => (argument.word === index ? [{ ...argument, place }] : []));
  const left = mine.filter(({ place }) => !removed.has(place));
  if (left.length === mine.length) return [{ raw: word.raw, replaced: undefined }];
  const replaced = unit.expands && isVariable(word) ? word : undefined;
  const raw = left.map(({ value }) => quoteWord(value, unit)).join(' ');
  return raw === '' && replaced === undefined ? [] : [{ raw, replaced }];
}

type Part = { readonly why: readonly string[]; readonly settings: readonly string[] };

function writeDropIn(parts: readonly Part[]): string {
  const why = parts.flatMap((part) => part.why.map((line) => `# ${line}`));
  return [DROP_IN_MARK, ...why, '[Service]', ...parts.flatMap(({ settings }) => settings), ''].join('\n');
}

function writeCommand({ unit }: EngineCommand, clashing: readonly EngineFlag[], kept: readonly Kept[]): Part {
  const words = [unit.program.raw, ...kept.map(({ raw }) => raw)].filter((raw) => raw !== '');
  return {
    why: [
      `It repeats the command of ${printable(unit.source.path)} without these flags, which daemon.json has:`,
      ...clashing.map((flag) => `  ${showFlag(flag)}`),
    ],
    settings: ['ExecStart=', `ExecStart=${words.join(' ')}`],
  };
}

function writePublication({ flags }: PublicationPlan): Part {
  return {
    why: ['The engine has a network of its own, and rootlesskit publishes its ports.'],
    settings: [`Environment=${quoteWord(`${ROOTLESSKIT_FLAGS}=${flags}`, { expands: false })}`],
  };
}

function describePublished(publication: Publication): DropInChange {
  const why = 'the engine has a network of its own, and rootlesskit brings this port to it';
  return { flag: publishFlag(publication), key: ROOTLESSKIT_FLAGS, why };
}

function describe({ unit, arguments: args }: EngineCommand, flag: EngineFlag): DropInChange {
  const key = keyOfFlag(flag.name);
  const word = unit.words[args[flag.arguments[0] ?? 0]?.word ?? 0];
  const variable = word !== undefined && unit.expands && isVariable(word) ? `, by way of ${word.value}` : '';
  const why = `daemon.json has "${key}", and the engine does not start when ${placeOf(unit.source)} says it too${variable}`;
  return { flag: showFlag(flag), key, why: printable(why) };
}

function takenLine(flag: Pick<EngineFlag, 'name' | 'value'>): string {
  return `#   ${showFlag(flag)}`;
}

function showFlag({ name, value }: Pick<EngineFlag, 'name' | 'value'>): string {
  const text = value === undefined ? `--${name}` : `--${name}=${value}`;
  return printable(text.replaceAll(/\p{Cc}+/gu, ' '));
}

function variableWarnings({ unit }: EngineCommand, kept: readonly Kept[]): readonly string[] {
  const files = unit.environmentFiles.join(', ');
  const source = files === '' ? placeOf(unit.source) : files;
  return kept.flatMap(({ replaced }) =>
    replaced === undefined
      ? []
      : [
          printable(
            `what ${replaced.value} held is written out in the drop-in: a change of it in ${source} has no effect any more`,
          ),
        ],
  );
}

function overrideWarning({ unit }: EngineCommand): readonly string[] {
  if (!unit.isOverridden) return [];
  return [
    printable(`${unit.source.path} sets the command and stays; after a change of it, run this command again`),
  ];
}

/** moby daemon/reload.go: a reload takes the list of the file alone, an empty one if need be. */
function pluginWarning(flags: readonly EngineFlag[]): readonly string[] {
  if (!flags.some(({ name }) => name === 'authorization-plugin')) return [];
  return [
    '--authorization-plugin: "systemctl reload docker" silently turns it off; "authorization-plugins" in daemon.json lasts',
  ];
}

function foreign(path: string): Error {
  return unitProblem(
    `${path} already exists and was not written by docker-mtls`,
    'look what it does, then rename or remove it',
  );
}
