import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { formatSubjectAltName, readCertificates } from '@docker-mtls/ca';
import * as fc from 'fast-check';
import { countSweep } from '../../../../test/support/sweep-counts.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';

// The engine is its files here: who is accepted follows from daemon.json and the certificates that it names.

/** Who is served, and where: each CA by its key, each name of the certificate, each address with TLS. */
type Model = {
  readonly hasTls: boolean;
  readonly authorities: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
};

const NOBODY: Model = { hasTls: false, authorities: new Set(), names: new Set(), addresses: new Set() };

function modelOf(config: string): Model {
  if (!fs.existsSync(config)) return NOBODY;
  const json = JSON.parse(fs.readFileSync(config, 'utf8')) as Record<string, unknown>;
  const addresses = new Set(
    (json['hosts'] as readonly string[]).flatMap((host) => /^tcp:\/\/(.*)$/.exec(host)?.[1] ?? []),
  );
  if (json['tlsverify'] !== true) return { ...NOBODY, addresses };
  const read = (key: string): ReturnType<typeof readCertificates> =>
    readCertificates(fs.readFileSync(String(json[key])));
  return {
    hasTls: true,
    authorities: new Set(read('tlscacert').map(({ info }) => info.publicKey.toString('hex'))),
    names: new Set(read('tlscert')[0]?.info.sans.map(formatSubjectAltName)),
    addresses,
  };
}

const missing = (before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] =>
  [...before].filter((each) => !after.has(each));

/** Who reached `0.0.0.0:2376` of an engine may have used any address of the machine. */
const covers = (addresses: ReadonlySet<string>, address: string): boolean =>
  addresses.has(address) || addresses.has(address.replace(/^.*:/, '0.0.0.0:'));

/** How many sequences of commands are tried; more for a sweep. */
const SEQUENCES = Number(process.env['DOCKER_MTLS_TEST_SEQUENCES'] ?? 10);

type Step = { readonly argv: readonly string[]; readonly isAllowed: boolean; readonly opens: boolean };

const optional = (option: string, ...values: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.constantFrom([], [], ...values.map((value) => [option, value]));
const NAME = fc.constantFrom([], ['node1'], ['node2.example.com']);
const LISTEN = optional('--listen', '127.0.0.1:2376', '0.0.0.0:2376', '0.0.0.0:2377');
const CA_DIR = fc.constantFrom(['--ca-dir', 'a'], ['--ca-dir', 'a'], ['--ca-dir', 'b']);
const ALLOWED = fc.constantFrom(false, false, false, true);

const SECURE = fc
  .tuple(NAME, fc.constantFrom('alice', 'bob'), optional('--san', 'x.example.com'), optional('--out', 'out'))
  .map(([name, client, san, out]) => [
    'secure',
    ...name,
    '--client',
    client,
    '--no-passphrase',
    ...san,
    ...out,
  ]);
const DAEMON_CONFIG = optional('--server', 'node1', 'node2.example.com').map((server) => [
  'daemon-config',
  ...server,
]);

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: changing(SECURE) },
  { weight: 3, arbitrary: changing(DAEMON_CONFIG) },
  {
    weight: 1,
    arbitrary: CA_DIR.map((ca) => ({
      argv: ['issue-server', 'node1', '--force', '--apply', ...ca],
      isAllowed: false,
      opens: false,
    })),
  },
  { weight: 1, arbitrary: fc.constant({ argv: ['daemon-config', 'undo'], isAllowed: false, opens: false }) },
);

function changing(command: fc.Arbitrary<readonly string[]>): fc.Arbitrary<Step> {
  return fc.tuple(command, CA_DIR, LISTEN, ALLOWED).map(([words, ca, listen, isAllowed]) => ({
    argv: [...words, ...ca, ...listen, ...(isAllowed ? ['--allow-cut-off'] : [])],
    isAllowed,
    opens: listen.length > 0,
  }));
}

type Taken = { readonly wrong: readonly string[]; readonly isRefused: boolean };

/** Takes a step, and says what is wrong with it, if anything. */
async function take(ca: TestCa, config: string, { argv, isAllowed, opens }: Step): Promise<Taken> {
  const before = modelOf(config);
  const { exitCode, stderr } = await ca.run(...argv, '--config', 'daemon.json');
  const after = modelOf(config);
  const isUndo = argv.includes('undo');
  const isRefused = stderr.includes('this would cut clients off');
  if (exitCode === 70) return { wrong: [`a bug: ${stderr}`], isRefused };
  // An undo is asked for by its name: it goes back to what was there before.
  if (isUndo || isAllowed || !before.hasTls) return { wrong: [], isRefused };
  const opened = [...after.addresses].filter((address) => !covers(before.addresses, address));
  const wrong = [
    ...missing(before.authorities, after.authorities).map(() => 'a CA is no longer trusted'),
    ...missing(before.names, after.names).map((name) => `the name ${name} is gone`),
    ...[...before.addresses]
      .filter((address) => !covers(after.addresses, address))
      .map((address) => `${address} is closed`),
    ...(opens ? [] : opened.map((address) => `${address} is opened`)),
  ];
  return { wrong, isRefused };
}

test(
  'no sequence of commands cuts a client off or opens an address, unless it says so',
  async () => {
    const counts = { sequences: 0, steps: 0, refusals: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 2, maxLength: 7 }), async (steps) => {
        const ca = await makeTestCa();
        const config = path.join(ca.folder, 'daemon.json');
        await ca.run(
          'secure',
          'node1',
          '--client',
          'alice',
          '--no-passphrase',
          '--ca-dir',
          'a',
          '--config',
          'daemon.json',
        );
        for (const step of steps) {
          const { wrong, isRefused } = await take(ca, config, step);
          expect({ step: step.argv, wrong }).toEqual({ step: step.argv, wrong: [] });
          counts.steps += 1;
          if (isRefused) counts.refusals += 1;
        }
        counts.sequences += 1;
      }),
      { numRuns: SEQUENCES, seed: 20_260_101 },
    );
    countSweep('sequences that may cut a client off', counts);
    // Else the sequences are too tame to tell.
    expect(counts.refusals).toBeGreaterThan(5);
  },
  240_000 + SEQUENCES * 5000,
);
