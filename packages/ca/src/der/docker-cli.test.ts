import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { makeAuthority } from '../../testing/fixtures.ts';
import { CaError } from '../error.ts';
import { readTrustedRoots } from '../tls-files/trusted-roots.ts';

const PEM = makeAuthority().certificate.pem;
const MUTATIONS = 320;
const AT_ONCE = 4;

/** What is put in, or stands in place of something: what editors, mailers and hands do to such files. */
const PIECES = [
  ' ',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\v',
  '\f',
  '\0',
  '\xa0',
  '\xef\xbb\xbf',
  '\xef\xbb\xbf\n',
  ':',
  'a: b\n',
  '=',
  '-',
  '-----',
  '#',
  '_',
  '*',
  '\\n',
  'x',
  'AAAA',
  '-----BEGIN ',
  '-----BEGIN CERTIFICATE-----\n',
  '\n-----END CERTIFICATE-----',
];

/** The first of them do no harm at many places: half of the files get those. */
const BLANKS = 5;

/** A generator with a seed (mulberry32): the same files each time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Places where it matters: the starts and ends of lines, and around the dashes. */
function placesIn(text: string): readonly number[] {
  return [
    0,
    text.length,
    ...[...text.matchAll(/\n|-----/g)].flatMap(({ index }) => [index, index + 1, index + 5]),
  ];
}

function mutation(seed: number): string {
  const random = randomFrom(seed);
  let text = seed % 5 === 0 ? PEM.replaceAll('\n', PIECES[random(PIECES.length)] + '\n') : PEM;
  for (let count = random(2) + 1; count > 0; count -= 1) {
    const places = placesIn(text);
    const at = Math.min(places[random(places.length)] ?? 0, text.length);
    const removed = random(8) === 0 ? random(7) : 0;
    text =
      text.slice(0, at) +
      (PIECES[random(seed % 2 === 0 ? BLANKS : PIECES.length)] ?? '') +
      text.slice(at + removed);
  }
  return seed % 7 === 0 ? PEM.slice(0, random(PEM.length)) + text : text;
}

function ours(bytes: Buffer): boolean {
  try {
    return readTrustedRoots(bytes).certificates.length > 0;
  } catch (error) {
    if (error instanceof CaError) return false;
    throw error;
  }
}

/** Nothing listens on port 1, so a CA file that is read ends in a refused connection. */
function dockers(file: string, config: string): Promise<string> {
  const words = [
    '--config',
    config,
    '--tlsverify',
    '--tlscacert',
    file,
    '-H',
    'tcp://127.0.0.1:1',
    'version',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('docker', words, { env: { PATH: process.env['PATH'] }, timeout: 30_000 });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}

describeNeeding(['docker command'], 'the docker command and readTrustedRoots', () => {
  test(`agree on ${MUTATIONS} CA files that were damaged`, async () => {
    const folder = temporaryFolder();
    const bytes = Array.from({ length: MUTATIONS }, (_, seed) => Buffer.from(mutation(seed), 'latin1'));
    const verdicts: boolean[] = [];
    const work = async (first: number): Promise<void> => {
      for (let at = first; at < MUTATIONS; at += AT_ONCE) {
        const file = path.join(folder, `${at}.pem`);
        fs.writeFileSync(file, bytes[at] ?? '');
        const said = await dockers(file, folder);
        expect(said).toMatch(/ca\.pem seems invalid|Cannot connect/);
        verdicts[at] = !/ca\.pem seems invalid/.test(said);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, (_, first) => work(first)));
    const differing = bytes.flatMap((each, at) =>
      ours(each) === verdicts[at]
        ? []
        : [`${at}: docker ${String(verdicts[at])} ${JSON.stringify(each.toString('latin1'))}`],
    );
    expect(differing).toEqual([]);
    const accepted = verdicts.filter(Boolean).length;
    expect(accepted).toBeGreaterThan(MUTATIONS / 10);
    expect(accepted).toBeLessThan((MUTATIONS * 9) / 10);
  }, 180_000);
});
