import { type ContextTls, type DockerContext } from '@docker-mtls/bundle';
import { isOfIssuer, verifyCertificate, type Certificate, type Problem } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh';
import { error, warning } from './context-problem.ts';
import type { ContextProblem } from './context-problem.ts';
import { contextOverrides } from './overrides.ts';
import { readTls } from './read-tls.ts';

export type CheckOptions = {
  readonly now: Date;
  /** The environment that the docker command would be run in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Warn when the certificate ends within this many seconds. */
  readonly within: number;
};

type Check = (context: DockerContext, options: CheckOptions) => readonly ContextProblem[];

/**
 * What keeps a context from working, here and now, without asking its engine; empty is good. A client of another CA than
 * those of ca.pem is none of it: see `isOfOtherCa`.
 */
export function checkContext(context: DockerContext, options: CheckOptions): readonly ContextProblem[] {
  return CHECKS.flatMap((check) => check(context, options));
}

/**
 * Is its client certificate of none of the CAs in its ca.pem? Those are for the engine's certificate alone (docker/cli
 * cli/context/docker, RootCAs): which clients an engine takes, its own tlscacert says.
 */
export function isOfOtherCa({ tls }: DockerContext, now: Date): boolean {
  const files = readTls(tls);
  if (typeof files === 'string' || files.leaf === undefined) return false;
  return problemsOf(files.leaf, files.roots, now).some(isOfIssuer);
}

const CHECKS: readonly Check[] = [checkHost, checkTls, checkFiles, checkCertificate, checkOverrides];

/** A laptop has bundles, the CA's own machine has what they are made of. */
function newFiles({ name }: DockerContext): string {
  const here = `docker-mtls context update ${name} --client CLIENT`;
  return `ask for a new bundle, then docker-mtls unbundle FILE --install --name ${name} --force; where the CA is, ${here}`;
}

function checkHost({ name, host }: DockerContext): readonly ContextProblem[] {
  const hint = `docker-mtls context update ${name} --for HOST`;
  if (host === '') return [error('host-missing', 'it names no engine', hint)];
  const reason = host.startsWith('ssh://') ? whyNoSshHost(host) : undefined;
  return reason === undefined ? [] : [error('host-unusable', reason, hint)];
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

function checkTls(context: DockerContext): readonly ContextProblem[] {
  const { host, skipTlsVerify, tls } = context;
  if (!host.startsWith('tcp://')) return [];
  const update = newFiles(context);
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

function checkFiles(context: DockerContext): readonly ContextProblem[] {
  const files = readTls(context.tls);
  return typeof files === 'string' ? [error('files-unusable', files, newFiles(context))] : [];
}

function checkCertificate(context: DockerContext, { now, within }: CheckOptions): readonly ContextProblem[] {
  const files = readTls(context.tls);
  if (typeof files === 'string' || files.leaf === undefined) return [];
  const { leaf, roots } = files;
  const found = problemsOf(leaf, roots, now).filter((problem) => !isOfIssuer(problem));
  if (found.length > 0) return found.map((problem) => certificateProblem(problem, newFiles(context)));
  const left = Math.floor((leaf.info.notAfter.getTime() - now.getTime()) / 1000);
  if (left > within) return [];
  return [
    warning(
      'certificate-expires',
      `its certificate ends at ${leaf.info.notAfter.toISOString().slice(0, 19)}Z`,
      newFiles(context),
    ),
  ];
}

/** An engine takes a CA for a client like any other, so that is no refusal. */
function certificateProblem({ problem, message }: Problem, hint: string): ContextProblem {
  if (problem !== 'is-a-ca') return error('certificate-refused', message, hint);
  const risk = 'its client certificate is that of a CA: whoever has the key of it can make clients';
  return warning('client-is-a-ca', risk, hint);
}

function problemsOf(leaf: Certificate, roots: readonly Certificate[], now: Date): readonly Problem[] {
  return verifyCertificate(leaf, { roots, purpose: 'client', now });
}

function checkOverrides(context: DockerContext, { env }: CheckOptions): readonly ContextProblem[] {
  return contextOverrides(context, env);
}

function isEmpty(tls: ContextTls): boolean {
  return Object.keys(tls).length === 0;
}
