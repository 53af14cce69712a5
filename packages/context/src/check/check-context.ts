import { type ContextTls, type DockerContext } from '@docker-mtls/bundle';
import {
  isEncryptedKey,
  isPair,
  readCertificates,
  readKeyPair,
  verifyCertificate,
  type Certificate,
} from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh';
import { proxyFor } from './proxy.ts';

export type ContextProblemCode =
  | 'certificate-expires'
  | 'certificate-refused'
  | 'client-certificate-missing'
  | 'context-overridden'
  | 'engine-not-verified'
  | 'files-unusable'
  | 'host-missing'
  | 'host-overridden'
  | 'host-unusable'
  | 'no-tls'
  | 'proxied';

/** `error`: the context does not work, or not safely. `warning`: it will not, or not from this terminal. */
export type ContextProblem = {
  readonly problem: ContextProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
};

export type CheckOptions = {
  readonly now: Date;
  /** The environment that the docker command would be run in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Warn when the certificate ends within this many seconds. */
  readonly within: number;
};

type Check = (context: DockerContext, options: CheckOptions) => readonly ContextProblem[];

/** What keeps a context from working, here and now, without asking its engine; empty is good. */
export function checkContext(context: DockerContext, options: CheckOptions): readonly ContextProblem[] {
  return CHECKS.flatMap((check) => check(context, options));
}

const CHECKS: readonly Check[] = [checkHost, checkTls, checkFiles, checkDates, checkOverrides, checkProxy];

const NAME_ENGINE = 'docker-mtls context update NAME --for HOST';

function checkHost({ host }: DockerContext): readonly ContextProblem[] {
  if (host === '') return [error('host-missing', 'it names no engine', NAME_ENGINE)];
  const reason = host.startsWith('ssh://') ? whyNoSshHost(host) : undefined;
  return reason === undefined ? [] : [error('host-unusable', reason, NAME_ENGINE)];
}

function whyNoSshHost(host: string): string | undefined {
  try {
    parseSshHost(host);
    return undefined;
  } catch (thrown) {
    if (isMtlsError(thrown)) return thrown.message;
    throw thrown;
  }
}

function checkTls({ host, skipTlsVerify, tls }: DockerContext): readonly ContextProblem[] {
  if (!host.startsWith('tcp://')) return [];
  const update = 'docker-mtls context update with a bundle’s certificates';
  if (skipTlsVerify)
    return [error('engine-not-verified', 'it takes any machine for its engine (SkipTLSVerify)', update)];
  if (isEmpty(tls))
    return [
      error('no-tls', 'it has no certificates, and so no TLS: all goes over the network in clear', update),
    ];
  if (tls.certificate !== undefined && tls.key !== undefined) return [];
  return [
    error(
      'client-certificate-missing',
      'it has no client certificate with its key: the engine will refuse it',
      update,
    ),
  ];
}

function checkFiles({ tls }: DockerContext): readonly ContextProblem[] {
  const files = read(tls);
  return typeof files === 'string'
    ? [error('files-unusable', files, 'docker-mtls context update with a new bundle')]
    : [];
}

function checkDates({ tls }: DockerContext, { now, within }: CheckOptions): readonly ContextProblem[] {
  const files = read(tls);
  if (typeof files === 'string' || files.leaf === undefined) return [];
  const { leaf, roots } = files;
  const hint = 'ask for a new bundle, and docker-mtls context update with it';
  const refusals = verifyCertificate(leaf, { roots, purpose: 'client', now });
  if (refusals.length > 0) return refusals.map(({ message }) => error('certificate-refused', message, hint));
  const left = Math.floor((leaf.info.notAfter.getTime() - now.getTime()) / 1000);
  if (left > within) return [];
  return [
    warning(
      'certificate-expires',
      `its certificate ends at ${leaf.info.notAfter.toISOString().slice(0, 19)}Z`,
      hint,
    ),
  ];
}

/** docker/cli cli/command/cli.go: --context, --host, DOCKER_HOST, DOCKER_CONTEXT and `docker context use`, in this order. */
function checkOverrides({ name }: DockerContext, { env }: CheckOptions): readonly ContextProblem[] {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: chosen } = env;
  if (host !== undefined && host !== '')
    return [
      warning(
        'host-overridden',
        'DOCKER_HOST is set in this terminal, and wins over every context',
        'unset DOCKER_HOST, or pass --context',
      ),
    ];
  if (chosen === undefined || chosen === '' || chosen === name) return [];
  return [
    warning(
      'context-overridden',
      'DOCKER_CONTEXT chooses another context in this terminal',
      'unset DOCKER_CONTEXT, or pass --context',
    ),
  ];
}

function checkProxy(
  { host, skipTlsVerify, tls }: DockerContext,
  { env }: CheckOptions,
): readonly ContextProblem[] {
  if (!host.startsWith('tcp://') || !URL.canParse(host)) return [];
  const url = new URL(host);
  if (proxyFor(url, env, { tls: skipTlsVerify || !isEmpty(tls) }) === undefined) return [];
  return [
    warning(
      'proxied',
      `the docker command would go through a proxy to ${url.host}`,
      `add ${url.hostname} to NO_PROXY`,
    ),
  ];
}

type ReadFiles = { readonly roots: readonly Certificate[]; readonly leaf: Certificate | undefined };

/** The certificates, or what is wrong with the files. */
function read({ ca, certificate, key }: ContextTls): ReadFiles | string {
  try {
    const roots = ca === undefined ? [] : readCertificates(ca);
    const [leaf] = certificate === undefined ? [] : readCertificates(certificate);
    if (leaf === undefined || key === undefined) return { roots, leaf: undefined };
    if (isEncryptedKey(key)) return 'its key is encrypted, and the docker command cannot use it';
    return isPair(leaf, readKeyPair(key)) ? { roots, leaf } : 'its key is not the one of its certificate';
  } catch (thrown) {
    if (isMtlsError(thrown)) return thrown.message;
    throw thrown;
  }
}

function isEmpty(tls: ContextTls): boolean {
  return Object.keys(tls).length === 0;
}

function error(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'error', message, hint };
}

function warning(problem: ContextProblemCode, message: string, hint: string): ContextProblem {
  return { problem, severity: 'warning', message, hint };
}
