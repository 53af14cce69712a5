import { readCertificate, subjectDer } from '@docker-mtls/ca';
import { isLetIn, isVersionUnknown } from './judge.ts';
import type { ProofOrder } from './order.ts';
import { OTHER_CERTIFICATE } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { AddressProof, Probe, ProofFinding, ProofVerdict } from './proof.ts';
import type { Attempt } from './prove-once.ts';

/** What one pass over an address says of it. Was the client accepted in an earlier pass? */
export function findingsOf(
  order: ProofOrder,
  { probes }: Attempt,
  wasAccepted: boolean,
): Omit<AddressProof, 'target'> {
  const all = unique([
    ...probes.flatMap((probe, at) => findingOf(probe, wasAccepted || isClientAccepted(probes.slice(0, at)))),
    ...authorityFindings(order, probes),
  ]);
  // How strangers are rejected says nothing where the client is not accepted.
  const isAccepted = isClientAccepted(probes);
  const findings = all.filter(({ id }) => isAccepted || id !== 'rejection-unclear');
  const shown = probes.find(({ outcome }) => outcome.presented)?.outcome.presented?.fingerprint;
  return {
    verdict: verdictOf(probes, findings),
    ...(shown !== undefined && { fingerprint: shown }),
    probes,
    findings,
  };
}

function verdictOf(probes: readonly Probe[], findings: readonly ProofFinding[]): ProofVerdict {
  if (probes[0]?.outcome.kind === 'unreachable') return 'unreachable';
  if (findings.some(({ id }) => id === 'stranger-accepted' || id === 'foreign-client-ca')) return 'unsecured';
  // The client is the first who is asked, and the last.
  const isAccepted = isClientAccepted(probes) && probes.at(-1)?.kind === 'client';
  return isAccepted && findings.length === 0 ? 'secured' : 'unclear';
}

/** Was the client accepted over any version of TLS? One that a server does not know says nothing of that. */
export function isClientAccepted(probes: readonly Probe[]): boolean {
  return probes.some(({ kind, outcome }) => kind === 'client' && outcome.kind === 'accepted');
}

function findingOf(probe: Probe, wasAccepted: boolean): readonly ProofFinding[] {
  if (probe.isGood) return [];
  if (probe.kind !== 'client') return [strangerFinding(probe)];
  const finding = clientFinding(probe);
  if (!wasAccepted || probe.outcome.plugin !== undefined) return [finding];
  const message = `${finding.message}, after the client was accepted before`;
  return [
    error('engine-changed', message, 'see whether the engine restarts or something limits connections'),
  ];
}

function strangerFinding(probe: Probe): ProofFinding {
  const { kind, outcome } = probe;
  if (kind !== 'client' && isLetIn(kind, outcome))
    return error('stranger-accepted', `${whoOf(probe)} was let in: ${outcome.detail}`);
  return error(
    'rejection-unclear',
    `${whoOf(probe)} was not clearly rejected: ${outcome.detail}`,
    'see which program has this port: ss -ltnp',
  );
}

function clientFinding(probe: Probe): ProofFinding {
  return explainClient(whoOf(probe), probe.outcome);
}

/** Why a client was not served who is to be accepted. */
export function explainClient(who: string, outcome: ProbeOutcome): ProofFinding {
  const { plugin, detail } = outcome;
  if (plugin !== undefined) return pluginFinding(who, plugin);
  switch (outcome.kind) {
    case 'unreachable':
      return error('address-unreachable', `no connection: ${detail}`);
    case 'rejected':
    case 'closed':
    case 'unclear':
      return error('client-rejected', `${who} was not accepted: ${detail}`, CLIENT_HINT);
    case 'silent':
      return outcome.isConnected === true
        ? error(
            'authorization-plugin-down',
            `${who} was accepted, and then nothing was answered: ${detail}`,
            PLUGIN_HINT,
          )
        : error('engine-silent', `the port takes connections and says nothing: ${detail}`, SILENT_HINT);
    case 'mistrusted':
      return outcome.isConnected === true && detail !== OTHER_CERTIFICATE
        ? notServed(who, detail)
        : mistrustedFinding(outcome);
    default:
      return notServed(who, detail);
  }
}

function notServed(who: string, detail: string): ProofFinding {
  return error('client-not-served', `${who} was accepted but not served: ${detail}`, SERVED_HINT);
}

const CLIENT_HINT = 'restart the engine if it runs with an older CA';
const SILENT_HINT = 'wait until the engine has started, or see which program has this port: ss -ltnp';
const PLUGIN_HINT =
  'usually an authorization plugin that is down: start it, or wait for its answer with docker-mtls check --timeout 20s';
const SERVED_HINT = 'see which program answers on this port: an engine answers GET /_ping with 200 and OK';
const OTHER_HINT = 'restart the engine with this certificate, or see which program has this port: ss -ltnp';

function pluginFinding(
  who: string,
  { name, isDown }: { readonly name: string; readonly isDown: boolean },
): ProofFinding {
  return isDown
    ? error(
        'authorization-plugin-down',
        `${who} was accepted, but the authorization plugin ${name} is down`,
        `start the plugin ${name}, or remove it from authorization-plugins`,
      )
    : error(
        'client-denied-by-plugin',
        `${who} was accepted, but the authorization plugin ${name} denies GET /_ping`,
        `allow GET /_ping in the policy of ${name}`,
      );
}

function mistrustedFinding({ presented, detail }: ProbeOutcome): ProofFinding {
  if (detail === 'it does not speak TLS') return error('not-tls', 'the port does not speak TLS', OTHER_HINT);
  if (presented === undefined || detail !== OTHER_CERTIFICATE)
    return error('certificate-not-trusted', `the server is not trusted: ${detail}`, OTHER_HINT);
  const shown = presented.fingerprint.slice(0, 16);
  return error('other-certificate', `${detail} (SHA-256 ${shown}…)`, OTHER_HINT);
}

/**
 * The CAs that the engine names when it asks for a certificate (seen under TLS 1.2): they must be this one's. An engine
 * names each of its CAs, so a name that comes more often than the CA has roots of that name is another CA's too.
 */
function authorityFindings({ roots }: ProofOrder, probes: readonly Probe[]): readonly ProofFinding[] {
  const requests = probes
    .filter(({ version, outcome }) => version === 'TLSv1.2' && !isVersionUnknown(outcome))
    .flatMap(({ outcome }) => outcome.presented?.request ?? [])
    .filter(({ isMade }) => isMade);
  if (requests.some(({ authorities }) => authorities.length === 0))
    return [
      error(
        'client-cas-unlisted',
        'the server does not say which CAs it accepts clients of: it may trust every CA of its system',
        'set tlscacert in daemon.json',
      ),
    ];
  const ours = roots.map((pem) => subjectDer(readCertificate(pem)));
  return requests.some(({ authorities }) => !authorities.every((name) => isOften(name, authorities, ours)))
    ? [
        error(
          'foreign-client-ca',
          'the server accepts clients of another CA too',
          'remove the other CA from the file that tlscacert names, and restart the engine',
        ),
      ]
    : [];
}

/** Is the name among ours as often as it is named? */
function isOften(name: Buffer, named: readonly Buffer[], ours: readonly Buffer[]): boolean {
  const count = (names: readonly Buffer[]): number => names.filter((each) => each.equals(name)).length;
  return count(named) <= count(ours);
}

function whoOf({ who, version }: Probe): string {
  return version === undefined ? who : `${who} (${version.replace('v', ' ')})`;
}

function error(id: ProofFinding['id'], message: string, hint?: string): ProofFinding {
  return { id, severity: 'error', message, ...(hint !== undefined && { hint }) };
}

function unique(findings: readonly ProofFinding[]): readonly ProofFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.id} ${finding.message}`, finding])).values()];
}
