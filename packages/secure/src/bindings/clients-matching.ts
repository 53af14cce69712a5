import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { matchesSubject } from '@docker-mtls/policy';
import type { SubjectPattern } from '@docker-mtls/policy';
import type { Page } from '@docker-mtls/registry';
import { isClientInForce, registered } from './registered-clients.ts';
import type { RegisteredClient } from './registered-clients.ts';

// There may be a million clients, so those that a pattern may match are looked up by what it says of them.

/** One that several clients may match. */
export type NamePattern = Exclude<SubjectPattern, { readonly kind: 'fingerprint' }>;

/** The clients of a CA directory, in force now, that a pattern matches. */
export async function* clientsMatching(
  reader: StoreReader,
  pattern: NamePattern,
  now: Date,
): AsyncGenerator<RegisteredClient> {
  for await (const entry of candidates(reader, pattern)) {
    if (!isClientInForce(entry, now)) continue;
    const client = registered(entry);
    if (matchesSubject(pattern, client.subject)) yield client;
  }
}

async function* candidates(reader: StoreReader, pattern: NamePattern): AsyncGenerator<Entry> {
  switch (pattern.kind) {
    case 'cn':
      yield* named(reader, pattern.value);
      return;
    case 'ou':
      yield* pages(
        (page) => reader.inGroup(pattern.value, page),
        ({ serial }) => serial,
      );
      return;
    case 'uri':
    // No client of a CA directory has such a name: what a request asks for is not taken from it.
  }
}

async function* named(reader: StoreReader, pattern: string): AsyncGenerator<Entry> {
  const kind = 'client';
  yield* await reader.entries({ kind, name: pattern });
  if (!pattern.endsWith('*')) return;
  const start = pattern.slice(0, -1);
  yield* await reader.entries({ kind, name: start });
  const following = pages(
    (page) => reader.entries({ kind, page }),
    ({ name }) => name,
    start,
  );
  for await (const entry of following) {
    if (!entry.name.startsWith(start)) return;
    yield entry;
  }
}

const SMALLEST_PAGE = 8;
const LARGEST_PAGE = 1000;

/** The first one that is looked at is usually enough. */
async function* pages(
  read: (page: Page) => Promise<readonly Entry[]>,
  key: (entry: Entry) => string,
  start = '',
): AsyncGenerator<Entry> {
  let after = start;
  for (let size = SMALLEST_PAGE; ; size = Math.min(LARGEST_PAGE, size * 4)) {
    const page = await read({ after, size });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < size) return;
    after = key(last);
  }
}
