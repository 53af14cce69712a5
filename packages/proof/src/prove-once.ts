import net from 'node:net';
import type { Hello } from './ask.ts';
import { connectTo } from './connect.ts';
import { isLetIn, isRejection, isVersionUnknown } from './judge.ts';
import { TLS_VERSIONS } from './order.ts';
import type { ProofOrder, Stranger, ProofTarget, TlsVersion } from './order.ts';
import { OTHER_CERTIFICATE } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { Probe } from './proof.ts';

/** One pass over an address. */
export type Attempt = {
  readonly probes: readonly Probe[];
  /** The certificate that all had to meet. */
  readonly fingerprint: string | undefined;
  /** Was somebody let in who is to be rejected? */
  readonly isLetIn: boolean;
};

type Pass = {
  readonly order: ProofOrder;
  readonly target: ProofTarget;
  readonly probes: Probe[];
  fingerprint: string | undefined;
  isLetIn: boolean;
};

type Way = { readonly name: string; readonly hidesName?: boolean };

/**
 * The client with each version of TLS, everybody else with each, the same for every name that clients connect by, and the
 * client again. Where the client is not accepted, rejections say nothing, and only what could be open is asked.
 */
export async function proveOnce(order: ProofOrder, target: ProofTarget): Promise<Attempt> {
  const pass: Pass = { order, target, probes: [], fingerprint: order.fingerprint, isLetIn: false };
  const [usual] = order.names;
  const versions = await acceptedVersions(pass, { name: usual });
  if (versions === undefined) await askWhatIsOpen(pass);
  else {
    for (const stranger of order.strangers) await askStranger(pass, stranger, { name: usual });
    for (const way of waysOf(order)) await askByName(pass, way, versions);
    for (const version of versions) await askClient(pass, { name: usual }, version);
  }
  return pass;
}

/** The versions of TLS over which the client is accepted; `undefined` when it is not accepted. */
async function acceptedVersions(pass: Pass, way: Way): Promise<readonly TlsVersion[] | undefined> {
  const accepted: TlsVersion[] = [];
  for (const version of TLS_VERSIONS) {
    const probe = await askClient(pass, way, version);
    if (probe.isGood && !isVersionUnknown(probe.outcome)) accepted.push(version);
    else if (!probe.isGood) return undefined;
  }
  return accepted.length === 0 ? undefined : accepted;
}

/** A server that is silent about TLS may serve everybody without it, and one of another CA may serve everybody. */
async function askWhatIsOpen(pass: Pass): Promise<void> {
  const kind = pass.probes.at(-1)?.outcome.kind;
  if (kind === 'unreachable') return;
  const open = pass.order.strangers.filter(
    (stranger) => stranger.kind === 'plain-http' || (kind !== 'silent' && stranger.kind === 'no-certificate'),
  );
  for (const stranger of open) await askStranger(pass, stranger, { name: pass.order.names[0] });
}

/** The other names, and none at all: a front may choose by SNI what it asks of a client. */
function waysOf({ names }: ProofOrder): readonly Way[] {
  const [usual, ...others] = names;
  const isNamed = net.isIP(usual) === 0;
  return [...others.map((name) => ({ name })), ...(isNamed ? [{ name: usual, hidesName: true }] : [])];
}

async function askByName(pass: Pass, way: Way, versions: readonly TlsVersion[]): Promise<void> {
  const [version = 'TLSv1.3'] = versions;
  await askClient(pass, way, version);
  const nobody = pass.order.strangers.find(({ kind }) => kind === 'no-certificate');
  if (nobody !== undefined) await askStranger(pass, nobody, way);
}

async function askClient(pass: Pass, way: Way, version: TlsVersion): Promise<Probe> {
  const { order, target } = pass;
  const { who, pair } = order.client;
  const hello = async (): Promise<Hello> => ({
    ...way,
    version,
    roots: order.roots,
    pair: await pair(),
    expected: 'accepted',
  });
  const outcome = checked(pass, await connectTo(target, hello));
  const isGood = outcome.kind === 'accepted' || isVersionUnknown(outcome);
  return note(pass, { kind: 'client', who, expected: 'accepted', version, ...sniOf(way), outcome, isGood });
}

async function askStranger(pass: Pass, stranger: Stranger, way: Way): Promise<void> {
  const { order, target } = pass;
  const { kind, who, pair } = stranger;
  const base = { kind, who, expected: 'rejected' } as const;
  if (kind === 'plain-http') {
    const outcome = await connectTo(target, undefined);
    noteStranger(pass, { ...base, outcome, isGood: isRejection(kind, outcome, '') });
    return;
  }
  for (const version of TLS_VERSIONS) {
    const hello = async (): Promise<Hello> => ({
      ...way,
      version,
      roots: order.roots,
      ...(pair && { pair: await pair() }),
      expected: 'rejected',
    });
    const outcome = checked(pass, await connectTo(target, hello));
    const isGood =
      isRejection(kind, outcome, pass.fingerprint ?? '') ||
      (isVersionUnknown(outcome) && isUnknownToClient(pass, version));
    noteStranger(pass, { ...base, version, ...sniOf(way), outcome, isGood });
  }
}

function isUnknownToClient({ probes }: Pass, version: TlsVersion): boolean {
  return probes.some(
    (probe) => probe.kind === 'client' && probe.version === version && isVersionUnknown(probe.outcome),
  );
}

/** An answer from a server that presents another certificate than the engine's says nothing of the engine. */
function checked(pass: Pass, outcome: ProbeOutcome): ProbeOutcome {
  const shown = outcome.presented?.fingerprint;
  if (shown === undefined) return outcome;
  pass.fingerprint ??= shown;
  return shown === pass.fingerprint ? outcome : { ...outcome, kind: 'mistrusted', detail: OTHER_CERTIFICATE };
}

function sniOf({ name, hidesName = false }: Way): { readonly sni?: string } {
  return hidesName || net.isIP(name) !== 0 ? {} : { sni: name };
}

function note(pass: Pass, probe: Probe): Probe {
  pass.probes.push(probe);
  return probe;
}

function noteStranger(pass: Pass, probe: Probe): void {
  if (probe.kind !== 'client' && isLetIn(probe.kind, probe.outcome)) pass.isLetIn = true;
  note(pass, probe);
}
