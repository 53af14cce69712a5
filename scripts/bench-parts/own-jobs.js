import { fileURLToPath } from 'node:url';
import { findProgram } from './find-program.js';

const CLI = fileURLToPath(new URL('../../packages/cli/dist/docker-mtls.cjs', import.meta.url));
const docker = (...words) => [process.execPath, CLI, ...words];

// Nobody listens on this port, so `secure` finds no engine to prove anything of, and says so.
const SECURE = [
  'secure',
  'node1.example.com',
  '--client',
  'alice',
  '--no-passphrase',
  '--listen',
  '127.0.0.1:1',
];
const FILES = ['--ca-dir', 'ca', '--config', 'daemon.json', '--output', 'alice.tar.gz'];
// The files as an engine elsewhere would see them: so none of this machine is started to check daemon.json.
const ELSEWHERE = ['--certs-dir', '/etc/docker/certs'];

const CA = { name: 'init-ca', command: docker('init-ca', '--no-passphrase') };
const ALICE = { name: 'issue-client', command: docker('issue-client', 'alice') };

const JOBS = [
  { name: '--help', what: 'the commands', command: docker('--help'), target: 2.6 },
  { name: 'list', what: 'what a CA has issued', before: [CA, ALICE], command: docker('list'), target: 3.5 },
  {
    name: 'issue-client',
    what: 'a client, of a CA that is there',
    before: [CA],
    command: ALICE.command,
    target: 4.5,
  },
  {
    name: 'env',
    what: 'the variables of an engine, for a shell',
    before: [CA, ALICE],
    command: docker('env', 'alice', '--for', 'node1.example.com'),
    target: 2.6,
  },
  {
    name: 'exec',
    what: 'the same for one command (true), and its time with it',
    before: [CA, ALICE],
    command: docker('exec', 'alice', '--for', 'node1.example.com', '--', 'true'),
    target: 3,
  },
  {
    name: 'secure',
    what: 'from nothing: CA, server, client, daemon.json, bundle',
    command: docker(...SECURE, ...FILES, ...ELSEWHERE),
    target: 6.5,
  },
];

/** What we promise times for, and `secure` with the engine's own check, where the engine's time is the larger part. */
export function ownJobs() {
  const checked = {
    name: 'secure, checked',
    what: 'the same, and dockerd --validate',
    command: docker(...SECURE, ...FILES),
    every: 4,
  };
  const dockerd = findProgram('dockerd', ['/usr/sbin', '/usr/local/bin']);
  return [...JOBS, ...(dockerd === undefined ? [] : [checked])].map((job) => ({ ...job, group: 'own' }));
}
