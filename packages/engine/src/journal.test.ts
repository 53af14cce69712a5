import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { journalPath, readJournal, removeJournal, writeJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import type { KeptPair } from './kept-pair.ts';
import { takeSnapshot } from './snapshot.ts';

const DROP_IN = '/nowhere/docker.service.d/zz-docker-mtls.conf';
let config: string;
let journal: Journal;
beforeEach(() => {
  const folder = temporaryFolder();
  config = path.join(folder, 'daemon.json');
  fs.writeFileSync(config, '{}');
  const snapshot = takeSnapshot(config, [DROP_IN, config]);
  const state = {
    wasActive: true,
    invocation: 'a1',
    keep: false,
    forget: false,
    states: ['a1'],
    isUndo: false,
    pair: null,
  };
  journal = { path: journalPath(config), phase: 'writing', ...state, snapshot };
});

test('is read as it was written, by its owner alone', () => {
  writeJournal(journal);
  expect(fs.statSync(journal.path).mode & 0o777).toBe(0o600);
  expect(readJournal(config, DROP_IN)).toEqual(journal);
  removeJournal(journal);
  expect(readJournal(config, DROP_IN)).toBeUndefined();
});

function withPair(): KeptPair {
  const [ca, certificate, key] = ['ca.pem', 'server-cert.pem', 'server-key.pem'].map(
    (name) => `/srv/tls/${name}`,
  ) as [string, string, string];
  const was = { mode: 0o600, uid: 0, gid: 0 };
  return {
    engine: { ca, certificate, key },
    record: { directory: '/srv/ca', name: 'node1', serial: 'ab' },
    files: [ca, certificate, key].map((file) => ({ path: file, was, beside: [] })),
  };
}

test('tells of the pair that was there', () => {
  const pair = withPair();
  writeJournal({ ...journal, pair });
  expect(readJournal(config, DROP_IN)?.pair).toEqual(pair);
  const folders = ['/srv', '/srv/tls'];
  writeJournal({ ...journal, pair, snapshot: { ...journal.snapshot, missingFolders: folders } });
  expect(readJournal(config, DROP_IN)?.snapshot.missingFolders).toEqual(folders);
});

test.each<readonly [string, Partial<Record<keyof KeptPair, unknown>>]>([
  ['whose CA directory is somewhere below', { record: { directory: 'ca', name: 'node1', serial: 'ab' } }],
  ['whose record has no serial', { record: { directory: '/srv/ca', name: 'node1' } }],
  ['with a relative file', { files: [...withPair().files, { path: 'x', was: null, beside: [] }] }],
  ['with a way out', { files: [...withPair().files, { path: '/srv/../etc/x', was: null, beside: [] }] }],
  ['without the files of the engine', { files: withPair().files.slice(1) }],
  [
    'with an owner that is no number',
    { files: withPair().files.map((file) => ({ ...file, was: { mode: 384, uid: '0', gid: 0 } })) },
  ],
  ['with backups that are no names', { files: withPair().files.map((file) => ({ ...file, beside: [1] })) }],
  ['with no files', { files: null }],
  [
    'with a generation that leads elsewhere',
    { files: withPair().files.map((file) => ({ ...file, generation: '.gen-1/../../etc' })) },
  ],
])('refuses a pair %s', (_name, change) => {
  const pair = { ...withPair(), ...change };
  fs.writeFileSync(journal.path, JSON.stringify({ ...journal, pair }), { mode: 0o600 });
  expect(() => readJournal(config, DROP_IN)).toThrow(
    expect.objectContaining({ code: 'HOST_JOURNAL_INVALID' }),
  );
});

test.each<readonly [string, (good: Journal) => unknown]>([
  [
    'a file of somebody else',
    ({ snapshot }) => ({ snapshot: { ...snapshot, images: [{ path: '/etc/passwd', was: null }] } }),
  ],
  [
    'a way out of the folder',
    ({ snapshot }) => ({ snapshot: { ...snapshot, images: [{ path: `${config}/../x`, was: null }] } }),
  ],
  [
    'a folder of somebody else',
    ({ snapshot }) => ({ snapshot: { ...snapshot, missingFolders: ['/srv/data'] } }),
  ],
  ['another daemon.json', ({ snapshot }) => ({ snapshot: { ...snapshot, config: '/etc/other.json' } })],
  [
    'an owner that is no number',
    ({ snapshot }) => ({
      snapshot: {
        ...snapshot,
        images: [{ path: config, was: { base64: '', mode: 420, uid: 'root', gid: 0 } }],
      },
    }),
  ],
  ['an unknown phase', () => ({ phase: 'done' })],
  ['no snapshot', () => ({ snapshot: null })],
  ['no state', () => ({ wasActive: 'yes' })],
])('refuses %s', (_name, change) => {
  fs.writeFileSync(journal.path, JSON.stringify({ ...journal, ...(change(journal) as object) }), {
    mode: 0o600,
  });
  expect(() => readJournal(config, DROP_IN)).toThrow(
    expect.objectContaining({ code: 'HOST_JOURNAL_INVALID' }),
  );
});

test.each(['', '[]', 'null', '{', '"text"'])('refuses what is no journal: %j', (text) => {
  fs.writeFileSync(journal.path, text, { mode: 0o600 });
  expect(() => readJournal(config, DROP_IN)).toThrow(
    expect.objectContaining({ code: 'HOST_JOURNAL_INVALID' }),
  );
});

test('refuses one that others may write', () => {
  writeJournal(journal);
  fs.chmodSync(journal.path, 0o622);
  expect(() => readJournal(config, DROP_IN)).toThrow(
    expect.objectContaining({ code: 'HOST_JOURNAL_INVALID' }),
  );
});
