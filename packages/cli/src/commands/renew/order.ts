import { parseWindow } from '@docker-mtls/authority/renewal';
import type { DailyWindow, PairOf, RenewalSelection } from '@docker-mtls/authority/renewal';
import { readCertificationRequest } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import type { EngineRestart } from '@docker-mtls/secure/renewal';
import type { Args } from '../../command-line/args.ts';
import { csrOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { liveRestoreOf, swarmOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';

/** Which pairs the command line means. */
export type RenewWords = {
  readonly names: readonly string[];
  readonly of: 'names' | 'due' | 'all';
  /** Runs unattended: servers, and clients used on this machine. */
  readonly isTimer: boolean;
  readonly kind: LeafKind | undefined;
  readonly keepKey: boolean;
  readonly csr: Buffer | undefined;
  readonly isDryRun: boolean;
  readonly apply: boolean;
  readonly window: DailyWindow | undefined;
};

export function renewWordsOf(args: Args, io: Io): RenewWords {
  const names = [...new Set(args.list('name'))];
  const isTimer = args.flag('timer') === true;
  const ways = [
    ...(names.length > 0 ? (['names'] as const) : []),
    ...(args.flag('due') === true ? (['due'] as const) : []),
    ...(args.flag('all') === true ? (['all'] as const) : []),
    ...(isTimer ? (['due'] as const) : []),
  ];
  const [of, second] = ways;
  if (of === undefined || second !== undefined)
    throw new UsageError(
      'renew needs NAMES, --due, --all or --timer, and one of these alone',
      'renew --due renews what it is time for',
    );
  const words: RenewWords = {
    names,
    of,
    isTimer,
    kind: args.text('kind') as LeafKind | undefined,
    keepKey: args.flag('keep-key') === true,
    csr: csrOf(args, io),
    isDryRun: args.flag('dry-run') === true,
    apply: args.flag('apply') === true,
    window: windowOf(args),
  };
  if (words.csr !== undefined && words.keepKey)
    throw new UsageError(
      '--csr and --keep-key were both given',
      'omit one of them: the key is that of the request',
    );
  if (words.csr !== undefined && names.length !== 1)
    throw new UsageError('--csr is the request of one pair', 'give the one NAME that it is for');
  // A file that is no request is no renewal that has failed.
  if (words.csr !== undefined) readCertificationRequest(words.csr);
  refuseWithoutApply(args, words);
  return words;
}

/** The hours of `--window`. */
export function windowOf(args: Args): DailyWindow | undefined {
  const text = args.text('window');
  const window = text === undefined ? undefined : parseWindow(text);
  if (text === undefined || window !== undefined) return window;
  throw new UsageError(
    `--window takes two times of a day, not ${quote(text)}`,
    'write for instance --window 02:00-04:00, or 23:00-01:00 across midnight',
  );
}

const ONLY_WITH_APPLY = ['live-restore', 'allow-stop', 'allow-quorum-loss', 'allow-swarm-lock'];

/** What is for a restart of the engine needs one. */
export function refuseWithoutApply(
  args: Args,
  { apply, window, csr }: Pick<RenewWords, 'apply' | 'window' | 'csr'>,
): void {
  if (apply && csr !== undefined)
    throw new UsageError(
      '--csr and --apply were both given',
      'bring the certificate to its key first, then restart the engine: docker-mtls daemon-config --apply',
    );
  const alone = [
    ...(window === undefined ? [] : ['window']),
    ...ONLY_WITH_APPLY.filter((name) => args.flag(name) === true),
  ][0];
  if (!apply && alone !== undefined)
    throw new UsageError(`--${alone} is for a restart of the engine`, 'add --apply, or omit it');
}

/** How `--apply` restarts the engine. */
export function engineRestartOf(args: Args, io: Io): Omit<EngineRestart, 'keepKey' | 'expectsHooks'> {
  return {
    stops: { flag: '--allow-stop', isGiven: args.flag('allow-stop') === true },
    own: io.machine().addresses,
    liveRestore: liveRestoreOf(args),
    ...swarmOf(args, 'allow-quorum-loss'),
  };
}

/** The same, with each name's kind. */
export async function renewalSelectionOf(reader: StoreReader, words: RenewWords): Promise<RenewalSelection> {
  const { names, of, kind, keepKey, csr } = words;
  if (of !== 'names') return { of, kind, keepKey, csr };
  const pairs: PairOf[] = [];
  for (const name of names) pairs.push(await pairNamed(reader, name, kind));
  return { of: pairs, kind, keepKey, csr };
}

async function pairNamed(reader: StoreReader, name: string, wanted: LeafKind | undefined): Promise<PairOf> {
  const kinds: LeafKind[] = [];
  for (const kind of wanted === undefined ? (['server', 'client'] as const) : [wanted])
    if ((await reader.entries({ kind, name, all: true })).length > 0) kinds.push(kind);
  const [first = wanted ?? 'client', second] = kinds;
  if (second === undefined) return { kind: first, name };
  throw new UsageError(
    `a server and a client are called ${quote(name)}`,
    'add --kind server or --kind client',
  );
}
