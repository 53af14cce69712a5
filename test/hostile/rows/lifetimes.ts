import type { Row } from '../row.ts';

const LIFETIMES: readonly (readonly [words: readonly string[], says: string])[] = [
  [['--days', '0'], '"0"'],
  [['--days=-1'], '"-1"'],
  [['--days', '1e9'], '"1e9"'],
  [['--days', '1000000000'], '1000000000'],
  [['--days', 'NaN'], '"NaN"'],
  [['--days', '1.5'], '"1.5"'],
  [['--days', '365\u001b[0m'], String.raw`\u001b`],
  [['--ttl=-1h'], '"-1h"'],
  [['--ttl', '1y'], '"1y"'],
  [['--ttl', '30s'], '30s'],
  [['--ttl', '999999d'], '999999d'],
  [['--days', '1', '--ttl', '1h'], 'a lifetime in days and another'],
];

export const LIFETIME_ROWS: readonly Row[] = [
  ...LIFETIMES.map(([words, says]) => ({
    name: `issue-client: the lifetime ${JSON.stringify(words.join(' '))}`,
    argv: ['issue-client', 'bob', ...words],
    code: 'CA_LIFETIME_INVALID',
    says,
  })),
  {
    name: 'issue-client: a lifetime that ends after its CA',
    argv: ['issue-client', 'bob', '--days', '36500'],
    code: 'CA_LEAF_OUTLIVES_ISSUER',
    says: 'CA',
    hints: '--days',
  },
  {
    name: 'issue-server: a lifetime that ends after its CA',
    argv: ['issue-server', 'node2.example.com', '--days', '36500'],
    code: 'CA_LEAF_OUTLIVES_ISSUER',
    says: 'CA',
  },
  {
    name: 'init-ca: a lifetime of a day and an hour',
    argv: ['init-ca', '--ca-dir', 'new', '--days', '1', '--ttl', '1h'],
    code: 'CA_LIFETIME_INVALID',
    says: 'a lifetime in days and another',
  },
  {
    name: 'init-ca: no lifetime at all',
    argv: ['init-ca', '--ca-dir', 'new', '--days', '0'],
    code: 'CA_LIFETIME_INVALID',
    says: '"0"',
  },
];
