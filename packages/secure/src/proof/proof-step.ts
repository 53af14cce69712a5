import { hasKey } from '@docker-mtls/authority';
import type { Session } from '@docker-mtls/authority';
import { isClientAccepted } from '@docker-mtls/proof';
import type { AddressProof, ProofFinding } from '@docker-mtls/proof';
import type { Finding } from '@docker-mtls/errors';
import type { Entry } from '@docker-mtls/ca-directory';
import { counted } from '@docker-mtls/text';
import { checkEngineFiles } from '@docker-mtls/engine';
import type { DaemonOutcome, EngineVerdict } from '@docker-mtls/engine';
import { askPlaces } from './ask-places.ts';
import type { AskedPlaces } from './ask-places.ts';
import { findPlaces } from './proof-places.ts';
import type { Asked, Places } from './proof-places.ts';
import { proofOrder } from './prove.ts';
import type { ProvenPair } from './prove.ts';
import { detailLines } from './proof-text.ts';

export type ProofSubject = {
  readonly session: Session;
  /** The addresses of this machine. */
  readonly own: readonly string[];
  /** The addresses that the engine listens on. */
  readonly listens: readonly string[];
  readonly server: Entry;
  readonly clients: readonly Entry[];
  /** Was daemon.json written, with the engine not restarted yet? */
  readonly daemon: Pick<DaemonOutcome, 'written'>;
  /** The engine's daemon.json. */
  readonly config: string;
  /** Where the engine is for certain: on this machine, though its name need not lead here yet; or on another. */
  readonly place?: 'here' | 'elsewhere' | undefined;
};

export type ProofReport = {
  readonly asked: readonly Asked[];
  /** `address` is absent for what the engine's files say. */
  readonly findings: readonly (Finding & { readonly address?: string })[];
};

export type Proved = ProofReport & {
  readonly step: {
    readonly step: 'proof';
    readonly outcome: 'proven' | 'disproven' | 'not proven';
    /** What was seen, as the report has it and the error of a change that was put back. */
    readonly line: string;
  };
};

/** Proves each address of the engine. Where none answers, nothing else is said. */
export async function proofStep(subject: ProofSubject): Promise<Proved> {
  const { session, own, listens, server, clients, place } = subject;
  const client = clients.find(hasKey);
  if (client === undefined) return notProven('no client key on this machine to test with');
  const found = await findPlaces({ listens, server, where: place, own });
  const { asked, unasked } = await askAt(session, found, { server, client });
  if (asked.length === 0 && found.unresolved.length === 0)
    return notProven(`${server.name} is not the name of one machine`);
  const reached = asked.filter(isReached);
  if (reached.length === 0) {
    const tried = [...found.unresolved, ...asked.map((each) => each.place.label), ...unaskedOf(unasked)];
    return { ...notProven(`nothing answers yet at ${tried.join(' or ')}`), asked };
  }
  const { roots } = await session.reader.authority();
  const files = place === 'elsewhere' ? [] : checkEngineFiles(subject.config, roots);
  return verdict(subject, { asked, unasked, files: subject.daemon.written ? [] : files, found });
}

/** Loopback addresses are asked only where no name of the engine leads to it. */
async function askAt(
  session: Session,
  { places, fallbacks }: Places,
  pair: ProvenPair,
): Promise<AskedPlaces> {
  const order = await proofOrder(session, pair);
  const first = await askPlaces({ places, order });
  if (first.asked.some(isReached)) return first;
  const then = await askPlaces({ places: fallbacks, order });
  return { asked: [...first.asked, ...then.asked], unasked: first.unasked + then.unasked };
}

function unaskedOf(unasked: number): readonly string[] {
  return unasked === 0 ? [] : [counted(unasked, 'more address', 'more addresses')];
}

function isReached({ proof }: Asked): boolean {
  return proof.verdict !== 'unreachable';
}

type Seen = AskedPlaces & {
  readonly files: readonly Finding[];
  readonly found: Places;
};

function verdict(subject: ProofSubject, { asked, unasked, files, found }: Seen): Proved {
  const reached = asked.filter(isReached);
  const bad = reached.filter(({ proof }) => proof.verdict !== 'secured');
  const missing = asked.filter((each) => !isReached(each) && each.place.claim !== 'maybe');
  const isFaulty = files.some(({ severity }) => severity === 'error');
  const unnamed = unaskedOf(unasked).map((each) => `    -   ${each}: not asked\n`);
  const seen = detailLines({ asked: reached, missing, files, unresolved: found.unresolved });
  const details = `${seen}${unnamed.join('')}`;
  const step = (outcome: Proved['step']['outcome'], headline: string): Proved => ({
    step: { step: 'proof', outcome, line: `${headline}\n${details}`.trimEnd() },
    findings: [
      ...asked.flatMap(({ place, proof }) =>
        proof.findings.map((each) => ({ address: place.label, ...each })),
      ),
      ...files,
    ],
    asked,
  });
  if (bad.length > 0 || isFaulty) {
    const advice = adviceOn(bad[0]?.proof, subject.daemon);
    const where = labels(bad.length > 0 ? bad : reached);
    return step('disproven', `NOT secured: ${where}${advice === undefined ? '' : ` (${advice})`}`);
  }
  if (missing.length > 0) return step('not proven', `not proven: no connection to ${labels(missing)}`);
  if (unasked > 0) return step('not proven', `not proven: only ${asked.length} addresses were asked`);
  return step('proven', `secured: ${labels(reached)}`);
}

function labels(asked: readonly Asked[]): string {
  return asked.map(({ place }) => place.label).join(', ');
}

/** What to do where not even the client was accepted. */
function adviceOn(proof: AddressProof | undefined, { written }: ProofSubject['daemon']): string | undefined {
  if (proof === undefined || isClientAccepted(proof.probes)) return undefined;
  const finding: ProofFinding | undefined = proof.findings[0];
  if (written && finding?.id !== 'engine-silent')
    return 'it still runs with its old configuration: restart it, then run this again';
  return finding?.hint;
}

/**
 * The proof as `--apply` asks for it, kept for the report; `subject` is called then, because the pair may be new. What a
 * name of the engine leads to besides this machine is reported, but is no reason to put everything back.
 */
export function proofOf(subject: () => Promise<ProofSubject>): {
  readonly prove: () => Promise<EngineVerdict>;
  readonly last: () => Proved | undefined;
} {
  let last: Proved | undefined;
  const ask = async (): Promise<EngineVerdict> => {
    last = await proofStep(await subject());
    const { step, asked, findings } = last;
    const local = asked.filter(({ place }) => place.isLocal);
    const isSecured =
      local.some(({ proof }) => proof.verdict === 'secured') &&
      local.every(
        ({ place, proof }) =>
          proof.verdict === 'secured' || (proof.verdict === 'unreachable' && place.claim === 'maybe'),
      ) &&
      !findings.some(({ address, severity }) => address === undefined && severity === 'error');
    return { ok: isSecured, why: step.line.replaceAll(/\s*\n\s*/g, '; '), probes: probesOf(asked) };
  };
  return { prove: ask, last: () => last };
}

/** Our own ends of the connections that the engine was to reject: its log complains of them. */
function probesOf(asked: readonly Asked[]): readonly string[] {
  return asked.flatMap(({ proof }) =>
    proof.probes.flatMap(({ kind, outcome }) => (kind === 'client' ? [] : (outcome.from ?? []))),
  );
}

function notProven(line: string): Proved {
  const step: Proved['step'] = { step: 'proof', outcome: 'not proven', line: `not proven: ${line}` };
  return { step, findings: [], asked: [] };
}
