import type { EntrySelection, EntryState } from '@docker-mtls/authority/list-entries';
import { parseDuration } from '@docker-mtls/ca';
import { quote } from '@docker-mtls/errors';
import type { EntryKind } from '@docker-mtls/registry';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** Which certificates the command line asks for. */
export function selectionOf(args: Args): EntrySelection {
  return {
    all: args.flag('all') === true,
    kind: args.text('kind') as EntryKind | undefined,
    name: args.text('name'),
    group: args.text('group'),
    state: args.text('state') as EntryState | undefined,
    within: withinOf(args.text('expiring-within')),
  };
}

function withinOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds !== undefined) return seconds;
  throw new UsageError(
    `--expiring-within takes a number and s, m, h or d, not ${quote(text)}`,
    'write for instance --expiring-within 30d',
  );
}
