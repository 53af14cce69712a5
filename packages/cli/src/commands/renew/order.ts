import type { PairOf, RenewalSelection } from '@docker-mtls/authority';
import { quote } from '@docker-mtls/errors';
import type { StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import type { Args } from '../../command-line/args.ts';
import { csrOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';

/** Which pairs the command line means. */
export type RenewWords = {
  readonly names: readonly string[];
  readonly of: 'names' | 'due' | 'all';
  readonly kind: LeafKind | undefined;
  readonly keepKey: boolean;
  readonly csr: Buffer | undefined;
  readonly isDryRun: boolean;
};

export function renewWordsOf(args: Args, io: Io): RenewWords {
  const names = [...new Set(args.list('name'))];
  const ways = [
    ...(names.length > 0 ? (['names'] as const) : []),
    ...(args.flag('due') === true ? (['due'] as const) : []),
    ...(args.flag('all') === true ? (['all'] as const) : []),
  ];
  const [of, second] = ways;
  if (of === undefined || second !== undefined)
    throw new UsageError(
      'renew needs NAMES, --due or --all, and one of these alone',
      'renew --due renews what it is time for',
    );
  const words: RenewWords = {
    names,
    of,
    kind: args.text('kind') as LeafKind | undefined,
    keepKey: args.flag('keep-key') === true,
    csr: csrOf(args, io),
    isDryRun: args.flag('dry-run') === true,
  };
  if (words.csr !== undefined && names.length !== 1)
    throw new UsageError('--csr is the request of one pair', 'give the one NAME that it is for');
  return words;
}

/** The same, with each name's kind. */
export function selectionOf(reader: StoreReader, words: RenewWords): RenewalSelection {
  const { names, of, kind, keepKey, csr } = words;
  return { of: of === 'names' ? names.map((name) => pairNamed(reader, name, kind)) : of, kind, keepKey, csr };
}

function pairNamed(reader: StoreReader, name: string, wanted: LeafKind | undefined): PairOf {
  const kinds = (['server', 'client'] as const).filter(
    (kind) =>
      (wanted === undefined || wanted === kind) && reader.entries({ kind, name, all: true }).length > 0,
  );
  const [first = wanted ?? 'client', second] = kinds;
  if (second === undefined) return { kind: first, name };
  throw new UsageError(
    `a server and a client are called ${quote(name)}`,
    'add --kind server or --kind client',
  );
}
