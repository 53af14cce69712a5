import { fileURLToPath } from 'node:url';
import { findProgram } from './find-program.js';

// The same work by other means: a CA, a pair for a server with a name and an address, a pair for a client.
const PEERS = [
  {
    name: 'openssl, RSA 4096',
    program: 'openssl',
    what: "the commands of Docker's documentation",
    args: ['rsa'],
  },
  { name: 'openssl, P-256', program: 'openssl', what: 'the same with our kind of key', args: ['ec'] },
  { name: 'easy-rsa', program: 'easyrsa', folders: ['/usr/share/easy-rsa'], what: 'P-256' },
  { name: 'mkcert', program: 'mkcert', what: 'P-256; its CA is always RSA 3072' },
  { name: 'cfssl', program: 'cfssl', needs: ['cfssljson'], what: 'P-256' },
];

/** The peers of this machine, and the names of those that it lacks. */
export function peerJobs() {
  const found = PEERS.map((peer) => ({ ...peer, at: findProgram(peer.program, peer.folders) }));
  return {
    present: found.filter(isHere).map(peerJob),
    missing: found.filter((peer) => !isHere(peer)).map(({ name }) => name),
  };
}

function isHere({ at, needs = [] }) {
  return at !== undefined && needs.every((name) => findProgram(name));
}

function peerJob({ name, program, what, args = [], at }) {
  const script = fileURLToPath(new URL(`./peers/${program}.sh`, import.meta.url));
  return { name, what, group: 'peer', every: 4, command: ['sh', script, ...args], env: { PROGRAM: at } };
}
