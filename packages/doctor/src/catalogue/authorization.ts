import type { PluginFindingId } from '@docker-mtls/engine/authorization';
import type { ProofFindingId } from '@docker-mtls/proof';
import type { Row } from './row.ts';

export type AuthorizationWord =
  | Extract<ProofFindingId, 'authorization-plugin-down' | 'client-denied-by-plugin'>
  | 'authorization-key-ignored'
  | 'authorization-by-flag'
  | 'authorization-bypassed-grpc'
  | 'authorization-not-in-force'
  | 'authorization-plugin-missing'
  | PluginFindingId;

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
  'plugin-not-asked': {
    id: 'DM508',
    severity: 'error',
    title: 'The engine does not ask the plugin of docker-mtls, or does not do what it says',
    fix: 'run docker-mtls authz install, and see journalctl -u docker-mtls-authz',
    cis: ['2.13'],
  },
  'plugin-file-not-in-force': {
    id: 'DM509',
    severity: 'error',
    title:
      'A policy, CA or revocation list of the plugin of docker-mtls cannot be read: the one before is in force',
    fix: 'correct the file: docker-mtls policy check names the place in a policy',
    cis: ['2.13'],
  },
  'plugin-list-stale': {
    id: 'DM510',
    severity: 'warning',
    title: 'The revocation list of the plugin of docker-mtls is out of date',
    fix: 'run docker-mtls crl, and copy crl.pem to the host of the engine',
    cis: ['2.13'],
  },
  'plugin-observes': {
    id: 'DM511',
    severity: 'warning',
    title: 'The plugin of docker-mtls denies nothing: its policy has mode: observe',
    fix: 'remove that line once the log shows no surprises',
    cis: ['2.13'],
  },
  'local-clients': {
    id: 'DM512',
    severity: 'warning',
    title: 'Clients of the local socket have no certificate, and the plugin cannot tell them apart',
    fix: 'remove people from the group docker, and give them certificates',
    cis: ['2.13'],
  },
  'local-builds': {
    id: 'DM513',
    severity: 'warning',
    title: 'Members of the group docker can build over gRPC on engines from 29.2 on, and no plugin is asked',
    fix: 'leave the group docker empty',
    cis: ['2.13'],
  },
  'engine-bypass': {
    id: 'DM514',
    severity: 'warning',
    title: 'This engine has a vulnerability that weakens the plugin',
    fix: 'update the engine',
    cis: ['1.2.2', '2.13'],
  },
  'engine-bypass-unknown': {
    id: 'DM515',
    severity: 'warning',
    title: 'Whether this build of the engine has a vulnerability that weakens the plugin cannot be told',
    fix: 'ask the distributor of the package',
    cis: ['1.2.2', '2.13'],
  },
};
