import { AUTHORITY } from './authority.ts';
import type { AuthorityWord } from './authority.ts';
import { AUTHORIZATION } from './authorization.ts';
import type { AuthorizationWord } from './authorization.ts';
import { CONTEXTS } from './contexts.ts';
import type { ContextWord } from './contexts.ts';
import { HOST } from './host.ts';
import type { HostWord } from './host.ts';
import { LINT } from './lint.ts';
import { LISTENERS } from './listeners.ts';
import type { ListenerWord } from './listeners.ts';
import type { Row } from './row.ts';
import { SSH } from './ssh.ts';
import type { SshWord } from './ssh.ts';

/** The words of each block, such as `no-tls`: two blocks may use the same. */
export type FindingWords = {
  readonly listeners: ListenerWord;
  readonly authority: AuthorityWord;
  readonly lint: string;
  readonly contexts: ContextWord;
  readonly ssh: SshWord;
  readonly authorization: AuthorizationWord;
  readonly host: HostWord;
};

export type BlockName = keyof FindingWords;

/** What can be found, by what it is about. */
export const CATALOGUE: { readonly [Name in BlockName]: Readonly<Record<FindingWords[Name], Row>> } = {
  listeners: LISTENERS,
  authority: AUTHORITY,
  lint: LINT,
  contexts: CONTEXTS,
  ssh: SSH,
  authorization: AUTHORIZATION,
  host: HOST,
};

export type CatalogueRow = Row & { readonly block: BlockName; readonly word: string };

export const BLOCKS: readonly BlockName[] = Object.keys(CATALOGUE) as BlockName[];

/** Every row, in the order of the numbers. */
export const ROWS: readonly CatalogueRow[] = BLOCKS.flatMap((block) =>
  Object.entries<Row>(CATALOGUE[block]).map(([word, row]) => ({ ...row, block, word })),
).toSorted((one, other) => one.id.localeCompare(other.id));

/** The row for a word of a block. */
export function rowFor<Name extends BlockName>(block: Name, word: FindingWords[Name]): Row {
  const rows: Readonly<Record<string, Row>> = CATALOGUE[block];
  const row = rows[word];
  if (row === undefined) throw new Error(`no row for ${word} of ${block}`);
  return row;
}

/** Where a finding is explained, below the root of the documentation. */
export function pageOf({ id }: Row): string {
  return `docs/findings.md#${id.toLowerCase()}`;
}
