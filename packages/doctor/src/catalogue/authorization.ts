import type { ProofFindingId } from '@docker-mtls/proof';
import type { Row } from './row.ts';

export type AuthorizationWord =
  | Extract<ProofFindingId, 'authorization-plugin-down' | 'client-denied-by-plugin'>
  | 'authorization-key-ignored'
  | 'authorization-by-flag'
  | 'authorization-bypassed-grpc'
  | 'authorization-not-in-force'
  | 'authorization-plugin-missing';

/** DM5xx: authorization plugins. */
export const AUTHORIZATION: Readonly<Record<AuthorizationWord, Row>> = {
  'authorization-plugin-down': {
    id: 'DM501',
    severity: 'error',
    title: 'An authorization plugin of the engine does not answer',
    fix: 'start the plugin, or remove it from authorization-plugins in daemon.json and restart the engine',
    cis: ['2.13'],
  },
  'client-denied-by-plugin': {
    id: 'DM502',
    severity: 'error',
    title: 'An authorization plugin denies the client GET /_ping',
    fix: 'allow GET /_ping in the policy of the plugin',
    cis: ['2.13'],
  },
  'authorization-key-ignored': {
    id: 'DM503',
    severity: 'error',
    title: 'daemon.json names an authorization plugin under a key that the engine ignores',
    fix: 'write authorization-plugins, with its final s, and restart the engine',
    cis: ['2.13'],
  },
  'authorization-by-flag': {
    id: 'DM504',
    severity: 'error',
    title: 'An authorization plugin is set by a flag: a reload of the engine removes it',
    fix: 'name the plugin under authorization-plugins in daemon.json instead of --authorization-plugin',
    cis: ['2.13'],
  },
  'authorization-bypassed-grpc': {
    id: 'DM505',
    severity: 'error',
    title: 'Builds over gRPC do not pass the authorization plugin of this engine',
    fix: 'keep HTTP/2 off the TLS port: add a tcp:// listener of the loopback interface, or do without fd:// for TCP',
    cis: ['2.13'],
  },
  'authorization-not-in-force': {
    id: 'DM506',
    severity: 'error',
    title: 'daemon.json names an authorization plugin that the engine does not ask',
    fix: 'restart the engine, and see that the plugin is asked',
    cis: ['2.13'],
  },
  'authorization-plugin-missing': {
    id: 'DM507',
    severity: 'error',
    title: 'An authorization plugin of daemon.json does not exist: the engine will not start',
    fix: 'start the plugin, or remove it from authorization-plugins in daemon.json',
    cis: ['2.13'],
  },
};
