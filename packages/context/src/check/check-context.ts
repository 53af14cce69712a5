import { type DockerContext } from '@docker-mtls/bundle';
import {
  isOfIssuer,
  validityState,
  verifyCertificate,
  type Certificate,
  type ChainProblem,
} from '@docker-mtls/ca';
import { quote, refusalOf } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh';
import { isSshHost, isTcpHost, tcpTarget } from '../store/context-host.ts';
import type { StoredContext } from '../store/read-contexts.ts';
import { contextError, contextWarning } from './context-problem.ts';
import type { ContextProblem } from './context-problem.ts';
import { contextOverrides, defaultPort } from './overrides.ts';
import { parseContextTls } from './read-tls.ts';

export type ContextCheckOptions = {
  readonly now: Date;
  /** The environment that the docker command would be run in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Warn when the certificate ends within this many seconds; without it, in the last third of its life. */
  readonly within?: number | undefined;
};

type Check = (context: StoredContext, options: ContextCheckOptions) => readonly ContextProblem[];

/**
 * What keeps a context from working, here and now, without asking its engine; empty is good. A client of another CA than
 * those in ca.pem is no problem: see `isOfOtherCa`.
 */
export function checkContext(
  context: StoredContext,
  options: ContextCheckOptions,
): readonly ContextProblem[] {
  return CHECKS.flatMap((check) => check(context, options));
}

/**
 * Is its client certificate of none of the CAs in its ca.pem? Those are for the engine's certificate alone (docker/cli
 * cli/context/docker, RootCAs): which clients an engine takes, its own tlscacert says.
 */
export function isOfOtherCa({ tls }: DockerContext, now: Date): boolean {
  const files = parseContextTls(tls);
  if (typeof files === 'string' || files.leaf === undefined) return false;
  return problemsOf(files.leaf, files.roots, now).some(isOfIssuer);
}

const CHECKS: readonly Check[] = [checkHost, checkTls, checkFiles, checkCertificate, checkOverrides];

/** A laptop has bundles, the CA's own machine has what they are made of. */
function newFiles({ name }: DockerContext): string {
  const here = `docker-mtls context update ${name} --client CLIENT`;
  return `ask for a new bundle, then run docker-mtls unbundle FILE --install --name ${name}; where the CA is, ${here}`;
}

function checkHost(context: StoredContext): readonly ContextProblem[] {
  const { name, host } = context;
  const hint = `docker-mtls context update ${name} --for HOST`;
  if (host === '') return [contextError('host-missing', 'it names no engine', hint)];
  if (isTcpHost(host)) return checkTcpHost(context, hint);
  const reason = isSshHost(host) ? whyNoSshHost(host) : undefined;
  return reason === undefined ? [] : [contextError('host-unusable', reason, hint)];
}

/** docker/cli: a context's host is used as it is, and every scheme that it does not know goes by TCP. */
function checkTcpHost({ host, usesTls }: StoredContext, hint: string): readonly ContextProblem[] {
  const target = tcpTarget(host);
  if (target === undefined)
    return [contextError('host-unusable', `Docker cannot connect to the address ${quote(host)}`, hint)];
  const { scheme, port } = target;
  const unusual = contextWarning(
    'scheme-unusual',
    `Docker reaches ${scheme}:// like tcp://, but docker exec, attach and run --interactive fail with it`,
    hint,
  );
  const guessed = `its address names no port, so Docker uses ${defaultPort(usesTls)}`;
  return [
    ...(scheme === 'tcp' ? [] : [unusual]),
    ...(port === undefined ? [contextWarning('port-missing', guessed, hint)] : []),
  ];
}

function whyNoSshHost(host: string): string | undefined {
  return refusalOf(() => parseSshHost(host))?.message;
}

function checkTls(context: StoredContext): readonly ContextProblem[] {
  const { host, skipTlsVerify, tls, usesTls } = context;
  if (!isTcpHost(host)) return [];
  const update = newFiles(context);
  if (skipTlsVerify)
    return [
      contextError('engine-not-verified', 'it accepts any machine as its engine (SkipTLSVerify)', update),
    ];
  if (!usesTls)
    return [
      contextError('no-tls', 'it has no certificates, so Docker speaks plain HTTP to its engine', update),
    ];
  if (host.startsWith('fd:'))
    return [
      contextError(
        'no-tls',
        'Docker CLIs from 28 on speak plain HTTP to fd://',
        `docker-mtls context update ${context.name} --for HOST`,
      ),
    ];
  const noCa = 'it has no ca.pem, so every CA that this system trusts can vouch for its engine';
  const noPair = 'it has no client certificate with its key: the engine will refuse it';
  return [
    ...(tls.ca === undefined ? [contextError('ca-missing', noCa, update)] : []),
    ...(tls.certificate === undefined || tls.key === undefined
      ? [contextError('client-certificate-missing', noPair, update)]
      : []),
    ...checkStray(context),
  ];
}

function checkStray({ strayFiles }: StoredContext): readonly ContextProblem[] {
  const [first] = strayFiles;
  if (first === undefined) return [];
  return [
    contextWarning(
      'stray-file',
      `Docker warns of a file that it does not know: ${quote(first)}`,
      'remove that file',
    ),
  ];
}

function checkFiles(context: StoredContext): readonly ContextProblem[] {
  const files = parseContextTls(context.tls);
  return typeof files === 'string' ? [contextError('files-unusable', files, newFiles(context))] : [];
}

function checkCertificate(
  context: StoredContext,
  { now, within }: ContextCheckOptions,
): readonly ContextProblem[] {
  const files = parseContextTls(context.tls);
  if (typeof files === 'string' || files.leaf === undefined) return [];
  const { leaf, roots } = files;
  const found = problemsOf(leaf, roots, now).filter((problem) => !isOfIssuer(problem));
  if (found.length > 0) return found.map((problem) => certificateProblem(problem, newFiles(context)));
  if (!endsSoon(leaf, now, within)) return [];
  return [
    contextWarning(
      'certificate-expires',
      `its certificate ends at ${leaf.info.notAfter.toISOString().slice(0, 19)}Z`,
      newFiles(context),
    ),
  ];
}

function endsSoon({ info }: Certificate, now: Date, within: number | undefined): boolean {
  if (within === undefined) return validityState(info, now) === 'due';
  return Math.floor((info.notAfter.getTime() - now.getTime()) / 1000) <= within;
}

/** An engine takes a CA for a client like any other, so that is no refusal. */
function certificateProblem({ problem, message }: ChainProblem, hint: string): ContextProblem {
  if (problem !== 'is-a-ca') return contextError('certificate-refused', message, hint);
  const risk = 'its client certificate is that of a CA: with its key, anyone can make clients';
  return contextWarning('client-is-a-ca', risk, hint);
}

function problemsOf(leaf: Certificate, roots: readonly Certificate[], now: Date): readonly ChainProblem[] {
  return verifyCertificate(leaf, { roots, purpose: 'client', now });
}

function checkOverrides(context: StoredContext, { env }: ContextCheckOptions): readonly ContextProblem[] {
  return contextOverrides(context, env);
}
