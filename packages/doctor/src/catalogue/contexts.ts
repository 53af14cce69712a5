import type { ContextProblemCode } from '@docker-mtls/context';
import type { Row } from './row.ts';

export type ContextWord = ContextProblemCode | CopyWord;

type CopyWord =
  | 'certificate-replaced'
  | 'context-unreadable'
  | 'certificate-revoked'
  | 'key-readable'
  | 'bundle-outdated'
  | 'bundle-readable'
  | 'key-tracked'
  | 'credentials-outdated';

/** DM3xx: contexts of the Docker CLI, bundles and exported credentials. */
export const CONTEXTS: Readonly<Record<ContextWord, Row>> = {
  'no-tls': {
    id: 'DM301',
    severity: 'error',
    title: 'The context speaks plain HTTP to its engine',
    fix: 'run docker-mtls context update NAME --client CLIENT, or install a new bundle',
  },
  'engine-not-verified': {
    id: 'DM302',
    severity: 'error',
    title: 'The context accepts any machine as its engine (SkipTLSVerify)',
    fix: 'run docker-mtls context update NAME --client CLIENT, or install a new bundle',
  },
  'ca-missing': {
    id: 'DM303',
    severity: 'error',
    title: 'The context has no ca.pem: every CA of this system can vouch for its engine',
    fix: 'run docker-mtls context update NAME --client CLIENT, or install a new bundle',
  },
  'client-certificate-missing': {
    id: 'DM304',
    severity: 'error',
    title: 'The context has no client certificate with its key',
    fix: 'run docker-mtls context update NAME --client CLIENT, or install a new bundle',
  },
  'files-unusable': {
    id: 'DM305',
    severity: 'error',
    title: 'The TLS files of the context cannot be used',
    fix: 'run docker-mtls context update NAME --client CLIENT, or install a new bundle',
  },
  'certificate-refused': {
    id: 'DM306',
    severity: 'error',
    title: 'No engine accepts the client certificate of the context',
    fix: 'renew the client certificate, and run docker-mtls context update NAME',
  },
  'certificate-expires': {
    id: 'DM307',
    severity: 'warning',
    title: 'The client certificate of the context is due for renewal',
    fix: 'renew the client certificate, and run docker-mtls context update NAME',
  },
  'client-is-a-ca': {
    id: 'DM308',
    severity: 'warning',
    title: 'The client certificate of the context is that of a CA',
    fix: 'use a certificate that was issued to the client, and keep the key of the CA where the CA is',
  },
  'certificate-replaced': {
    id: 'DM309',
    severity: 'warning',
    title: 'The context holds an older certificate than the one last issued to its client',
    fix: 'run docker-mtls context update NAME',
  },
  'host-missing': {
    id: 'DM310',
    severity: 'error',
    title: 'The context names no engine',
    fix: 'run docker-mtls context update NAME --for HOST',
  },
  'host-unusable': {
    id: 'DM311',
    severity: 'error',
    title: 'Docker cannot connect to the address of the context',
    fix: 'run docker-mtls context update NAME --for HOST',
  },
  'port-missing': {
    id: 'DM312',
    severity: 'warning',
    title: 'The address of the context names no port',
    fix: 'run docker-mtls context update NAME --for HOST',
  },
  'scheme-unusual': {
    id: 'DM313',
    severity: 'warning',
    title: 'docker exec, attach and run --interactive fail with the scheme of the context',
    fix: 'run docker-mtls context update NAME --for HOST',
  },
  'stray-file': {
    id: 'DM314',
    severity: 'warning',
    title: 'The folder of the TLS files of the context holds another file',
    fix: 'move the file away: Docker warns of it at every command',
  },
  'host-overridden': {
    id: 'DM315',
    severity: 'warning',
    title: 'DOCKER_HOST overrides the context',
    fix: 'run unset DOCKER_HOST, or name the context with --context',
  },
  'context-overridden': {
    id: 'DM316',
    severity: 'warning',
    title: 'DOCKER_CONTEXT names another context',
    fix: 'run unset DOCKER_CONTEXT',
  },
  proxied: {
    id: 'DM317',
    severity: 'warning',
    title: 'Docker reaches the engine through a proxy',
    fix: 'add the host of the engine to NO_PROXY',
  },
  'proxy-unusable': {
    id: 'DM318',
    severity: 'warning',
    title: 'Docker cannot use the proxy that it is told to reach the engine through',
    fix: 'add the host of the engine to NO_PROXY, or correct the address of the proxy',
  },
  'engine-unreachable': {
    id: 'DM319',
    severity: 'error',
    title: 'The engine of the context does not answer',
    fix: 'see whether the engine runs, and whether its address and port are right',
  },
  'engine-not-trusted': {
    id: 'DM320',
    severity: 'error',
    title: 'What answers at the address of the context is not trusted',
    fix: 'compare the address with the names of the certificate, and ca.pem with its CA',
  },
  'engine-refuses': {
    id: 'DM321',
    severity: 'error',
    title: 'The engine of the context refuses its client',
    fix: 'ask the administrator of the engine, or run docker-mtls context update NAME',
  },
  'context-unreadable': {
    id: 'DM322',
    severity: 'error',
    title: 'A context cannot be read: docker context ls fails because of it',
    fix: 'move the folder away, or restore its meta.json',
  },
  'certificate-revoked': {
    id: 'DM323',
    severity: 'error',
    title: 'The certificate of a context, a bundle or exported credentials was revoked',
    fix: 'remove what holds it; for a client that stays, issue a new certificate with docker-mtls issue-client and refresh it',
  },
  'key-readable': {
    id: 'DM324',
    severity: 'error',
    title: 'Other users may read a client key that docker-mtls wrote',
    fix: 'run chmod 600 on the key, and revoke the certificate if somebody has read it',
  },
  'bundle-outdated': {
    id: 'DM325',
    severity: 'warning',
    title: 'A bundle holds an older certificate than the one last issued to its client',
    fix: 'run docker-mtls bundle NAME with the options that it was made with: status names them',
  },
  'bundle-readable': {
    id: 'DM326',
    severity: 'error',
    title: 'Other users may read a bundle with a private key',
    fix: 'run chmod 600 on the bundle, and revoke the certificate if somebody has read it',
  },
  'key-tracked': {
    id: 'DM327',
    severity: 'error',
    title: 'A git repository tracks a private key or a bundle with one',
    fix: 'revoke the certificate, and remove the file with git rm --cached: the history keeps the key',
  },
  'credentials-outdated': {
    id: 'DM328',
    severity: 'warning',
    title: 'Exported credentials hold an older certificate than the one last issued to their client',
    fix: 'run docker-mtls ci export NAME again, and store the new secret',
  },
};
