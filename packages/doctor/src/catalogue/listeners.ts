import type { ProofFindingId } from '@docker-mtls/proof';
import type { Row } from './row.ts';

export type ListenerWord =
  | Exclude<ProofFindingId, 'authorization-plugin-down' | 'client-denied-by-plugin'>
  | 'plain-tcp'
  | 'client-not-verified'
  | 'server-certificate-accepted'
  | 'several-client-cas'
  | 'client-ca-missing'
  | 'client-ca-public'
  | 'key-published'
  | 'client-ca-unreadable'
  | 'client-ca-changed'
  | 'engine-files-changed'
  | 'not-served'
  | 'tls-files-unused'
  | 'key-ignored'
  | 'config-unreadable'
  | 'socket-unit-tcp'
  | 'name-not-covered'
  | 'server-certificate-expired'
  | 'server-certificate-due'
  | 'server-certificate-not-yet-valid'
  | 'server-certificate-weak'
  | 'server-certificate-long-lived'
  | 'server-certificate-both-roles'
  | 'server-certificate-self-signed'
  | 'hostile-answer'
  | 'clock-skew'
  | 'swarm-port-open'
  | 'metrics-open';

/** DM1xx: what an engine listens on, and its TLS. */
export const LISTENERS: Readonly<Record<ListenerWord, Row>> = {
  'plain-tcp': {
    id: 'DM101',
    severity: 'error',
    title: 'The engine answers without TLS',
    fix: 'run docker-mtls secure on the host of the engine',
    cis: ['2.8'],
  },
  'client-not-verified': {
    id: 'DM102',
    severity: 'error',
    title: 'The engine serves clients without a certificate',
    fix: 'set tlsverify to true and tlscacert in daemon.json, and restart the engine',
    cis: ['2.8'],
  },
  'stranger-accepted': {
    id: 'DM103',
    severity: 'error',
    title: 'The engine accepts a client that it must reject',
    fix: 'let tlscacert in daemon.json name the CA of the clients alone, and restart the engine',
    cis: ['2.8'],
  },
  'server-certificate-accepted': {
    id: 'DM104',
    severity: 'error',
    title: 'The engine accepts a certificate of a server as a client',
    fix: 'issue server certificates with serverAuth alone, and put no proxy in front that ignores extKeyUsage',
    cis: ['2.8'],
  },
  'rejection-unclear': {
    id: 'DM105',
    severity: 'warning',
    title: 'A client that must be rejected was not clearly rejected',
    fix: 'find out which program has the port: ss -ltnp',
  },
  'foreign-client-ca': {
    id: 'DM106',
    severity: 'error',
    title: 'The engine accepts clients of another CA too',
    fix: 'remove the other CA from the file that tlscacert names, and restart the engine',
    cis: ['2.8'],
  },
  'several-client-cas': {
    id: 'DM107',
    severity: 'warning',
    title: 'The engine accepts the clients of more than one CA',
    fix: 'keep the CA of the clients in the file that tlscacert names, and no other once a rotation is done',
  },
  'client-cas-unlisted': {
    id: 'DM108',
    severity: 'error',
    title: 'The engine does not say which CAs it accepts clients of',
    fix: 'set tlscacert in daemon.json, and restart the engine',
    cis: ['2.8'],
  },
  'client-ca-missing': {
    id: 'DM109',
    severity: 'error',
    title: 'tlsverify is set without tlscacert: the engine trusts every CA of its system',
    fix: 'set tlscacert in daemon.json, and restart the engine',
    cis: ['2.8'],
  },
  'client-ca-public': {
    id: 'DM110',
    severity: 'error',
    title: 'The engine accepts clients of a public CA',
    fix: 'let tlscacert name a CA that issues certificates for this engine alone',
    cis: ['2.8'],
  },
  'key-published': {
    id: 'DM111',
    severity: 'error',
    title: 'The private key of a certificate is public',
    fix: 'make a new CA with docker-mtls init-ca, and new pairs for the engine and its clients',
  },
  'client-ca-unreadable': {
    id: 'DM112',
    severity: 'error',
    title: 'The file that tlscacert names cannot be read',
    fix: 'correct the path or the file, and restart the engine',
    cis: ['2.8'],
  },
  'client-ca-changed': {
    id: 'DM113',
    severity: 'error',
    title: 'The file that tlscacert names changed after the engine started',
    fix: 'restart the engine, and check it again',
  },
  'engine-files-changed': {
    id: 'DM114',
    severity: 'warning',
    title: 'The configuration, certificate or key changed after the engine started',
    fix: 'restart the engine for the change to take effect',
  },
  'not-served': {
    id: 'DM115',
    severity: 'warning',
    title: 'The certificate was renewed, but the engine still presents the old one',
    fix: 'restart the engine',
  },
  'tls-files-unused': {
    id: 'DM116',
    severity: 'error',
    title: 'daemon.json names TLS files, but does not turn TLS on',
    fix: 'set tlsverify to true in daemon.json, and restart the engine',
    cis: ['2.8'],
  },
  'key-ignored': {
    id: 'DM117',
    severity: 'warning',
    title: 'daemon.json holds a key that the engine ignores',
    fix: 'write the key as the engine knows it, or remove it',
  },
  'config-unreadable': {
    id: 'DM118',
    severity: 'error',
    title: 'daemon.json cannot be read as the engine reads it',
    fix: 'correct daemon.json: dockerd --validate names the place',
  },
  'socket-unit-tcp': {
    id: 'DM119',
    severity: 'warning',
    title: 'A systemd socket holds a TCP port for the engine',
    fix: 'remove the TCP port from the socket unit, or watch that TLS stays on: without it the port serves plain HTTP',
    cis: ['2.8'],
  },
  'name-not-covered': {
    id: 'DM120',
    severity: 'warning',
    title: 'The certificate does not hold a name by which the engine is reached',
    fix: 'issue the certificate of the engine again with that name: docker-mtls issue-server --force -e SAN=…',
  },
  'server-certificate-expired': {
    id: 'DM121',
    severity: 'error',
    title: 'The certificate of the engine has expired',
    fix: 'renew it with docker-mtls renew, and restart the engine',
  },
  'server-certificate-due': {
    id: 'DM122',
    severity: 'warning',
    title: 'The certificate of the engine is due for renewal',
    fix: 'renew it with docker-mtls renew, and restart the engine',
  },
  'server-certificate-not-yet-valid': {
    id: 'DM123',
    severity: 'error',
    title: 'The certificate of the engine is not valid yet',
    fix: 'correct the clock of the machine that issued it or of this one, and issue it again if it is wrong',
  },
  'server-certificate-weak': {
    id: 'DM124',
    severity: 'error',
    title: 'The certificate of the engine has a weak key or signature',
    fix: 'issue the certificate of the engine again with a new key',
  },
  'server-certificate-long-lived': {
    id: 'DM125',
    severity: 'warning',
    title: 'The certificate of the engine is valid for a very long time',
    fix: 'issue it for at most 825 days, and let docker-mtls renew it',
  },
  'server-certificate-both-roles': {
    id: 'DM126',
    severity: 'warning',
    title: 'The certificate of the engine also passes for a client',
    fix: 'issue it again with serverAuth alone: its key now opens every engine of its CA',
  },
  'server-certificate-self-signed': {
    id: 'DM127',
    severity: 'warning',
    title: 'The certificate of the engine is self-signed',
    fix: 'issue it from a CA: docker-mtls secure',
  },
  'certificate-not-trusted': {
    id: 'DM128',
    severity: 'error',
    title: 'The engine presents a certificate that the client does not trust',
    fix: 'compare ca.pem of the client with the CA of the engine, and the address with the names of its certificate',
  },
  'other-certificate': {
    id: 'DM129',
    severity: 'error',
    title: 'The engine presents another certificate than the one of its files',
    fix: 'restart the engine with this certificate, or find out which program has the port: ss -ltnp',
  },
  'not-tls': {
    id: 'DM130',
    severity: 'error',
    title: 'The port does not speak TLS',
    fix: 'find out which program has the port: ss -ltnp',
  },
  'address-unreachable': {
    id: 'DM131',
    severity: 'error',
    title: 'No connection to the engine',
    fix: 'see whether the engine runs, and whether a firewall is in between',
  },
  'client-rejected': {
    id: 'DM132',
    severity: 'error',
    title: 'The engine rejects the client that it is to accept',
    fix: 'see whether tlscacert of the engine holds the CA of the client, and restart the engine',
  },
  'client-not-served': {
    id: 'DM133',
    severity: 'error',
    title: 'The client was accepted, but the answer is not that of an engine',
    fix: 'find out which program answers on the port: an engine answers GET /_ping with 200 and OK',
  },
  'engine-silent': {
    id: 'DM134',
    severity: 'error',
    title: 'The port takes connections and does not answer',
    fix: 'wait until the engine has started, or find out which program has the port: ss -ltnp',
  },
  'engine-changed': {
    id: 'DM135',
    severity: 'error',
    title: 'The engine stopped accepting the client while it was checked',
    fix: 'see whether the engine restarts or something limits connections',
  },
  'hostile-answer': {
    id: 'DM136',
    severity: 'warning',
    title: 'What answers on the port does not behave as an engine does',
    fix: 'find out which program answers on the port: ss -ltnp',
  },
  'clock-skew': {
    id: 'DM137',
    severity: 'warning',
    title: 'The clocks of the engine and of this machine differ',
    fix: 'set both clocks by NTP: certificates are compared with the clock of each side',
  },
  'swarm-port-open': {
    id: 'DM138',
    severity: 'note',
    title: 'A port of swarm mode listens on every address',
    fix: 'let only the nodes of the swarm reach ports 2377, 7946 and 4789',
  },
  'metrics-open': {
    id: 'DM139',
    severity: 'warning',
    title: 'The metrics of the engine are served to everybody without TLS',
    fix: 'set metrics-addr to an address of the loopback interface',
  },
};
