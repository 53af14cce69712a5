import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeTestCaWith } from '../../packages/cli/testing/make-ca.ts';
import type { TestCa } from '../../packages/cli/testing/make-ca.ts';
import { docker } from '../support/docker-cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { recordingEngine } from '../support/recording-engine.ts';
import { output, run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// `ca renew` keeps name and key: what was issued before it holds to the new root, and what is issued after it to the old.

let ca: TestCa;
/** The root that was there before, and the one after. */
const roots = { before: '', after: '' };
/** The pairs that were issued before and after. */
const leaves: string[] = [];

const inCa = (...names: readonly string[]): string => path.join(ca.folder, 'ca', ...names);
const read = (...names: readonly string[]): string => fs.readFileSync(inCa(...names), 'utf8');
const copyTo = (name: string, from: string): string => {
  const file = path.join(ca.folder, name);
  fs.copyFileSync(from, file);
  return file;
};

beforeAll(async () => {
  ca = await makeTestCaWith({ now: () => new Date() }, [
    ['issue-server', 'localhost'],
    ['issue-client', 'old'],
  ]);
  roots.before = copyTo('before.pem', inCa('ca.pem'));
  for (const argv of [
    ['ca', 'renew', '--days', '9000'],
    ['issue-client', 'new'],
  ]) {
    const { exitCode, stderr } = await ca.run(...argv);
    if (exitCode !== 0) throw new Error(stderr);
  }
  roots.after = inCa('ca.pem');
  leaves.push(...['old', 'new'].map((name) => copyTo(`${name}.pem`, inCa('clients', name, 'cert.pem'))));
});

/** Each root with each leaf. */
function all(): readonly (readonly [root: string, leaf: string])[] {
  return Object.values(roots).flatMap((root) => leaves.map((leaf) => [root, leaf] as const));
}

test('the roots differ, and every copy of ca.pem is the new one', () => {
  const [before, after] = Object.values(roots).map((file) => fs.readFileSync(file, 'utf8'));
  expect(before).not.toBe(after);
  for (const folder of ['clients/old', 'clients/new', 'servers/localhost'])
    expect(fs.readFileSync(inCa(folder, 'ca.pem'), 'utf8')).toBe(after);
});

test('Node finds each leaf issued by each root', () => {
  for (const [root, leaf] of all()) {
    const [issuer, certificate] = [root, leaf].map((file) => new X509Certificate(fs.readFileSync(file)));
    expect(issuer !== undefined && certificate?.checkIssued(issuer)).toBe(true);
    expect(issuer !== undefined && certificate?.verify(issuer.publicKey)).toBe(true);
  }
});

describeNeeding(['openssl'], 'OpenSSL', () => {
  test('takes each leaf with each root', async () => {
    for (const [root, leaf] of all()) {
      const strict = ['-x509_strict', '-check_ss_sig', '-purpose', 'sslclient', '-CAfile', root];
      expect(await run('openssl', ['verify', ...strict, leaf])).toMatchObject({ code: 0 });
    }
  });
});

describeNeeding(['certtool'], 'GnuTLS', () => {
  test('takes each leaf with each root', async () => {
    for (const [root, leaf] of all())
      expect(
        await run('certtool', ['--verify', '--load-ca-certificate', root, '--infile', leaf]),
      ).toMatchObject({ code: 0, stdout: expect.stringMatching(/Verified\./u) });
  });
});

describeNeeding(['tools of NSS'], 'NSS', () => {
  test('takes each leaf with each root, and with both in one database', async () => {
    for (const trusted of [[roots.before], [roots.after], [roots.before, roots.after]]) {
      const folder = temporaryFolder();
      const database = ['-d', `sql:${folder}`];
      await output('certutil', ['-N', ...database, '--empty-password']);
      const add = (name: string, trust: string, file: string): Promise<string> =>
        output('certutil', ['-A', ...database, '-n', name, '-t', trust, '-a', '-i', file]);
      for (const [index, root] of trusted.entries()) await add(`ca${index}`, 'CT,C,C', root);
      for (const [index, leaf] of leaves.entries()) {
        await add(`leaf${index}`, ',,', leaf);
        const verdict = await run('certutil', ['-V', ...database, '-n', `leaf${index}`, '-u', 'C', '-e']);
        expect(verdict).toMatchObject({ code: 0, stdout: expect.stringMatching(/certificate is valid/u) });
      }
    }
  });
});

describe('Go', () => {
  describeNeeding(['docker command'], 'the docker command', () => {
    test('verifies the engine with each root, and is let in with each leaf', async () => {
      for (const root of Object.values(roots))
        for (const client of ['old', 'new']) {
          const { port } = await recordingEngine({
            ca: fs.readFileSync(root, 'utf8'),
            certificate: read('servers/localhost/server-cert.pem'),
            key: read('servers/localhost/server-key.pem'),
          });
          const folder = temporaryFolder();
          fs.copyFileSync(root, path.join(folder, 'ca.pem'));
          for (const name of ['cert.pem', 'key.pem'])
            fs.copyFileSync(inCa('clients', client, name), path.join(folder, name));
          const env = {
            DOCKER_HOST: `tcp://localhost:${port}`,
            DOCKER_TLS_VERIFY: '1',
            DOCKER_CERT_PATH: folder,
          };
          expect(await docker(['version'], { env })).toMatchObject({ code: 0 });
        }
    });
  });
});
