import { beforeAll, expect, test } from '@jest/globals';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { readWord } from './read-word.ts';

let ca: TestCa;
beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
});

test.each([
  ['issue-client bob --ttl 20y', 'CA_LIFETIME_INVALID'],
  ['issue-client bob --ttl 1', 'CA_LIFETIME_INVALID'],
  ['issue-client bob --ttl 1h --days 1', 'USAGE'],
  ['issue-client bob --group a/b', 'CA_NAME_INVALID'],
  ['issue-client ../bob', 'CA_NAME_INVALID'],
  ['issue-server no_host', 'CA_SAN_INVALID'],
  ['issue-server node1 --san no_host', 'CA_SAN_INVALID'],
  ['secure node1 --client ../bob', 'CA_NAME_INVALID'],
  ['secure node1 --client bob --listen nowhere', 'DAEMON_CONFIG_LISTEN_INVALID'],
  ['daemon-config --server no_host', 'CA_SAN_INVALID'],
  ['ca renew --days x', 'CA_LIFETIME_INVALID'],
  ['ca log verify x', 'AUDIT_CHECKPOINT_INVALID'],
  ['crl --push ssh://-x/y', 'SSH_HOST_INVALID'],
  ['bundle alice --for a/b', 'BUNDLE_HOST_INVALID'],
  ['env alice --for a/b', 'BUNDLE_HOST_INVALID'],
  ['check a/b', 'BUNDLE_HOST_INVALID'],
  ['context create ../x --for node1 --client alice', 'BUNDLE_CONTEXT_INVALID'],
  ['context create xy --for a/b --client alice', 'BUNDLE_HOST_INVALID'],
  ['ci export ../bob --for jenkins', 'CA_NAME_INVALID'],
  ['ssh check a/b', 'SSH_HOST_INVALID'],
  ['doctor foo', 'DOCTOR_TARGET_INVALID'],
])('%s: a word that cannot be read is wrong usage, under its own code', async (line, code) => {
  const { stdout, exitCode } = await ca.run(...line.split(' '), '--json');
  expect({ exitCode, ...JSON.parse(String(stdout)) }).toMatchObject({ exitCode: 2, error: { code } });
});

test('what is no mistake of the user stays one', () => {
  expect(() => readWord('x', fail)).toThrow(TypeError);
});

function fail(): never {
  throw new TypeError('a bug');
}
