import { describe, expect, test } from '@jest/globals';
import { type DockerContext } from '@docker-mtls/bundle';
import { type StoredContext } from '../store/read-contexts.ts';
import { encryptPrivateKey, readKeyPair } from '@docker-mtls/ca';
import { days, issuePair, makeAuthority, type TestPair } from '../../../../test/support/test-ca.ts';
import { checkContext, isOfOtherCa, type ContextCheckOptions } from './check-context.ts';

const DAY = 86_400;
const CA = makeAuthority('our CA', 'ec-p256');
const FOREIGN = makeAuthority('foreign CA', 'ec-p256');
const NAMESAKE = makeAuthority('our CA', 'ec-p256');
const ALICE = issuePair(CA.authority, 'client', { name: 'alice' });
const ALL = `some text\n${ALICE.key}${ALICE.certificate}`;
const SHORT = issuePair(CA.authority, 'client', { name: 'alice', validity: days(0, 3) });
const SERVER = issuePair(CA.authority, 'server', { name: 'node1', sans: ['node1'] });
// Behind the pairs: they begin when they are made.
const NOW = new Date();

function tlsOf({ certificate, key }: TestPair, ca = CA.pem): DockerContext['tls'] {
  return { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: Buffer.from(key) };
}

const GOOD: StoredContext = {
  name: 'prod',
  description: '',
  host: 'tcp://node1.example.com:2376',
  skipTlsVerify: false,
  otherMetadata: {},
  otherEndpoints: {},
  tls: tlsOf(ALICE),
  usesTls: true,
  strayFiles: [],
};
const OPTIONS: ContextCheckOptions = { now: NOW, env: {}, within: 14 * DAY };

type Case = {
  readonly what: string;
  readonly context?: Partial<StoredContext>;
  readonly options?: Partial<ContextCheckOptions>;
  readonly problems: readonly string[];
};

const CASES: readonly Case[] = [
  { what: 'a good one', problems: [] },
  { what: 'one over SSH', context: { host: 'ssh://a@b', tls: {} }, problems: [] },
  { what: 'one of a socket', context: { host: 'unix:///run/docker.sock', tls: {} }, problems: [] },
  { what: 'no host', context: { host: '', tls: {} }, problems: ['host-missing'] },
  { what: 'a password for SSH', context: { host: 'ssh://a:b@c', tls: {} }, problems: ['host-unusable'] },
  { what: 'an option for ssh', context: { host: 'ssh://-oX=y', tls: {} }, problems: ['host-unusable'] },
  { what: 'no certificates', context: { tls: {}, usesTls: false }, problems: ['no-tls'] },
  {
    what: 'an empty folder for certificates',
    context: { tls: {} },
    problems: ['ca-missing', 'client-certificate-missing'],
  },
  {
    what: 'no CA',
    context: { tls: { certificate: Buffer.from(ALICE.certificate), key: Buffer.from(ALICE.key) } },
    problems: ['ca-missing'],
  },
  { what: 'a stray file', context: { strayFiles: ['notes'] }, problems: ['stray-file'] },
  ...[
    'https://node1:2376',
    'HTTPS://node1:2376',
    'http://node1:2376',
    'TCP://node1:2376',
    'tcp4://node1:2376',
    'UNIX://node1:2376',
  ].flatMap((host): readonly Case[] => [
    {
      what: `${host} without certificates`,
      context: { host, tls: {}, usesTls: false },
      problems: ['scheme-unusual', 'no-tls'],
    },
    { what: `${host} with certificates`, context: { host }, problems: ['scheme-unusual'] },
  ]),
  {
    what: 'fd:// with certificates',
    context: { host: 'fd://node1:2376' },
    problems: ['scheme-unusual', 'no-tls'],
  },
  { what: 'no port', context: { host: 'tcp://node1' }, problems: ['port-missing'] },
  {
    what: 'a user and a query, which Docker drops',
    context: { host: 'tcp://u:p@node1:2376/?x' },
    problems: [],
  },
  ...[
    'node1:2376',
    'tcp://',
    '//node1:2376',
    'tcp://:2376',
    ' tcp://node1:2376',
    'tcp://node1:99999',
    'https://node1:2376/x',
    'https://u@node1:2376',
  ].map((host): Case => ({ what: `the address "${host}"`, context: { host }, problems: ['host-unusable'] })),
  { what: 'no verification', context: { skipTlsVerify: true }, problems: ['engine-not-verified'] },
  {
    what: 'a CA only',
    context: { tls: { ca: Buffer.from(CA.pem) } },
    problems: ['client-certificate-missing'],
  },
  {
    what: 'another key',
    context: { tls: tlsOf({ ...ALICE, key: SHORT.key }) },
    problems: ['files-unusable'],
  },
  {
    what: 'all in each of its files',
    context: { tls: tlsOf({ certificate: ALL, key: ALL }, CA.pem + ALICE.key) },
    problems: [],
  },
  {
    what: 'another key first',
    context: { tls: tlsOf({ ...ALICE, key: SHORT.key + ALICE.key }) },
    problems: ['files-unusable'],
  },
  { what: 'a key for a CA', context: { tls: tlsOf(ALICE, ALICE.key) }, problems: ['files-unusable'] },
  { what: 'a key of text', context: { tls: tlsOf({ ...ALICE, key: 'x' }) }, problems: ['files-unusable'] },
  {
    what: 'an encrypted key',
    context: { tls: tlsOf({ ...ALICE, key: encryptPrivateKey(readKeyPair(ALICE.key), 'x') }) },
    problems: ['files-unusable'],
  },
  { what: 'a client of another CA', context: { tls: tlsOf(ALICE, FOREIGN.pem) }, problems: [] },
  { what: 'a client of another CA of that name', context: { tls: tlsOf(ALICE, NAMESAKE.pem) }, problems: [] },
  {
    what: 'an expired one of another CA',
    context: { tls: tlsOf(ALICE, FOREIGN.pem) },
    options: { now: new Date(NOW.getTime() + 400 * DAY * 1000) },
    problems: ['certificate-refused'],
  },
  {
    what: "a server's certificate of another CA",
    context: { tls: tlsOf(SERVER, FOREIGN.pem) },
    problems: ['certificate-refused'],
  },
  {
    what: 'one of another CA that ends soon',
    context: { tls: tlsOf(SHORT, FOREIGN.pem) },
    problems: ['certificate-expires'],
  },
  { what: "a server's certificate", context: { tls: tlsOf(SERVER) }, problems: ['certificate-refused'] },
  {
    what: "a CA's own certificate",
    context: { tls: tlsOf({ certificate: CA.pem, key: CA.key }) },
    problems: ['client-is-a-ca'],
  },
  {
    what: 'an expired certificate',
    options: { now: new Date(NOW.getTime() + 400 * DAY * 1000) },
    problems: ['certificate-refused'],
  },
  { what: 'one that ends soon', context: { tls: tlsOf(SHORT) }, problems: ['certificate-expires'] },
  {
    what: 'one that ends soon enough',
    context: { tls: tlsOf(SHORT) },
    options: { within: DAY },
    problems: [],
  },
  {
    what: 'one in the last third of its life',
    options: { within: undefined, now: new Date(NOW.getTime() + 300 * DAY * 1000) },
    problems: ['certificate-expires'],
  },
  {
    what: 'one in the second third of its life',
    options: { within: undefined, now: new Date(NOW.getTime() + 200 * DAY * 1000) },
    problems: [],
  },
  {
    what: 'DOCKER_HOST',
    options: { env: { DOCKER_HOST: 'x', DOCKER_CONTEXT: 'y' } },
    problems: ['host-overridden'],
  },
  { what: 'DOCKER_CONTEXT', options: { env: { DOCKER_CONTEXT: 'other' } }, problems: ['context-overridden'] },
  {
    what: 'the same DOCKER_CONTEXT',
    options: { env: { DOCKER_CONTEXT: 'prod', DOCKER_HOST: '' } },
    problems: [],
  },
  { what: 'a proxy', options: { env: { HTTPS_PROXY: 'http://p' } }, problems: ['proxied'] },
  {
    what: 'a proxy that is not for it',
    options: { env: { https_proxy: 'http://p', no_proxy: 'example.com' } },
    problems: [],
  },
  {
    what: 'a proxy for all that is not SOCKS5',
    options: { env: { all_proxy: 'http://127.0.0.1:9', NO_PROXY: '*' } },
    problems: ['proxy-unusable'],
  },
  { what: 'a SOCKS5 proxy for all', options: { env: { ALL_PROXY: 'socks5h://127.0.0.1:9' } }, problems: [] },
  { what: 'a proxy for the clear', options: { env: { HTTP_PROXY: 'http://p' } }, problems: [] },
];

describe('checkContext', () => {
  test.each(CASES)('$what', ({ context, options, problems }) => {
    const found = checkContext({ ...GOOD, ...context }, { ...OPTIONS, ...options });
    expect(found.map(({ problem }) => problem)).toEqual(problems);
  });

  test('says more than one thing where there is more to say', () => {
    const env = { DOCKER_HOST: 'tcp://x', HTTP_PROXY: 'http://p' };
    const found = checkContext({ ...GOOD, tls: {}, usesTls: false }, { ...OPTIONS, env });
    expect(found.map(({ problem, severity }) => `${severity} ${problem}`)).toEqual([
      'error no-tls',
      'warning host-overridden',
      'warning proxied',
    ]);
  });
});

describe('isOfOtherCa', () => {
  test.each<[string, DockerContext['tls'], boolean]>([
    ['its own CA', tlsOf(ALICE), false],
    ['its own CA beside another', tlsOf(ALICE, FOREIGN.pem + CA.pem), false],
    ['another CA', tlsOf(ALICE, FOREIGN.pem), true],
    ['another CA of that name', tlsOf(ALICE, NAMESAKE.pem), true],
    ['no CA', { certificate: Buffer.from(ALICE.certificate), key: Buffer.from(ALICE.key) }, true],
    ['no certificate', { ca: Buffer.from(CA.pem) }, false],
    ['files that cannot be read', tlsOf({ ...ALICE, key: 'x' }, FOREIGN.pem), false],
  ])('with %s', (_, tls, isOther) => {
    expect(isOfOtherCa({ ...GOOD, tls }, NOW)).toBe(isOther);
  });
});
