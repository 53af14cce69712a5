import path from 'node:path';
import type { Caller, Note } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import { currentPair } from '../../../test/support/current-pair.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { DEFAULT_CA_NAME, issuePair, makeCa, withSession } from '../src/index.ts';
import type { Access, IssuedPair, PairOrder, Session } from '../src/index.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');

/** A CA in a folder of its own, used as a service would use it: without a command line. */
export type TestAuthority = {
  readonly folder: string;
  readonly directory: string;
  readonly access: Access;
  readonly notes: readonly Note[];
  readonly use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  readonly issue: (order: Pick<PairOrder, 'kind' | 'name'> & Partial<PairOrder>) => Promise<IssuedPair>;
  readonly current: (kind: 'server' | 'client', name: string) => Promise<Entry>;
};

/** Makes a CA, with an encrypted key where there is a passphrase. */
export async function testAuthority(passphrase?: string): Promise<TestAuthority> {
  const folder = temporaryFolder();
  const directory = path.join(folder, 'ca');
  const notes: Note[] = [];
  const caller: Caller = { operator: 'ada@desk', now: () => NOW, note: (note) => void notes.push(note) };
  await makeCa({ directory, name: DEFAULT_CA_NAME, passphrase: async () => passphrase }, caller);
  const access: Access = { directory, caller, unlock: () => Promise.reject(new Error('not encrypted')) };
  const use: TestAuthority['use'] = (work) => withSession(access, work);
  return {
    folder,
    directory,
    access,
    notes,
    use,
    issue: (order) =>
      use((session) => issuePair(session, { groups: [], sans: sansOf(order), force: false, ...order })),
    current: (kind, name) => currentPair(directory, kind, name),
  };
}

/** A server is known by its name. */
function sansOf({ kind, name }: Pick<PairOrder, 'kind' | 'name'>): PairOrder['sans'] {
  return kind === 'server' ? [{ kind: 'dns', value: name }] : [];
}
