import type { Row } from '../row.ts';
import { file, folder, link, pipe } from './files.ts';

const HASH = '0'.repeat(64);

const USAGES: readonly (readonly [why: string, words: readonly string[], says: string])[] = [
  ['a moment that there is not', ['query', '--since', '2026-02-31'], '"2026-02-31" is not a moment'],
  ['a moment before all moments', ['query', '--since', '999999999999d'], 'is not a moment'],
  [
    'a moment with an escape sequence',
    ['query', '--until', '\u001b[2J'],
    String.raw`"\u001b[2J" is not a moment`,
  ],
  ['a number of records that is none', ['tail', '-n', '1e9'], '-n "1e9" is not a number'],
];

const LOGS: readonly (readonly [why: string, setup: NonNullable<Row['setup']>, code: string])[] = [
  ['that is an empty folder', folder('log'), 'AUDIT_NOT_FOUND'],
  ['that is a pipe', pipe('log'), 'FILE_NOT_REGULAR'],
  ['that is a link', link('log', 'ca/ca.pem'), 'FILE_NOT_REGULAR'],
  ['without an end', link('log', '/dev/zero'), 'FILE_NOT_REGULAR'],
];

export const AUDIT_LOG_ROWS: readonly Row[] = [
  ...LOGS.map(([why, setup, code]) => ({
    name: `audit verify: a log ${why}`,
    argv: ['audit', 'verify', 'log'],
    setup,
    code,
    says: 'log',
  })),
  ...['', '1:2', `-1:${HASH}:1`, `1:${HASH}:1\n`, `99999999999999999999:${HASH}:1`, '\u001b[2J'].map(
    (text) => ({
      name: `audit verify: the checkpoint ${JSON.stringify(text)}`,
      argv: ['audit', 'verify', 'log', `--from=${text}`],
      setup: file('log', ''),
      code: text === '' ? 'USAGE' : 'AUDIT_CHECKPOINT_INVALID',
      says: text === '' ? 'from is empty' : 'is not a checkpoint',
    }),
  ),
  ...USAGES.map(([why, [command = '', ...words], says]) => ({
    name: `audit: ${why}`,
    argv: ['audit', command, 'log', ...words],
    setup: file('log', ''),
    code: 'USAGE',
    says,
  })),
];
