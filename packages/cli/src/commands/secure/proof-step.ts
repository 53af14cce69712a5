import { hasKey } from '@docker-mtls/authority';
import type { Answer, Finding, Proof } from '@docker-mtls/proof';
import type { Entry } from '@docker-mtls/store';
import type { DaemonOutcome, Verdict } from '@docker-mtls/engine';
import { prove } from '../../engine/prove.ts';
import type { CliSession as Session } from '../../ca/session.ts';
import { engineAddresses } from './engine-addresses.ts';
import type { Address } from './engine-addresses.ts';
import type { Step } from './step.ts';

export type ProofSubject = {
  readonly session: Session;
  /** The addresses that the engine listens on. */
  readonly listens: readonly string[];
  readonly server: Entry;
  readonly clients: readonly Entry[];
  /** Was daemon.json written, with the engine not restarted yet? */
  readonly daemon: Pick<DaemonOutcome, 'written'>;
  /** Where it is for certain: here, and its name need not lead here yet; or on another machine. */
  readonly place?: 'here' | 'elsewhere' | undefined;
};

export type Proved = { readonly step: Step; readonly findings: readonly Finding[] };

/** Proves the first address that answers; where none does, says so, and that is all that it says. */
export async function proofStep(subject: ProofSubject): Promise<Proved> {
  const { session, listens, server, clients, daemon, place } = subject;
  const client = clients.find(hasKey);
  const all = engineAddresses(listens, server, { elsewhere: place === 'elsewhere' });
  const addresses = place === 'here' ? all.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a))) : all;
  if (client === undefined) return notProven('no client whose key is here could knock');
  if (addresses.length === 0) return notProven(`nobody can knock at ${server.name}`);
  for (const address of addresses) {
    const proof = await prove(session, { ...address, server, client });
    if (proof.verdict !== 'unreachable')
      return { step: verdictStep(proof, address, daemon), findings: proof.findings };
  }
  return notProven(`nothing answers yet at ${addresses.map(addressText).join(' or ')}`);
}

function isOwn({ host }: Address): boolean {
  return host === '127.0.0.1';
}

/**
 * The proof as the way to a secured engine asks for it, kept for the report; `subject` is asked then, for the pair may be
 * new.
 */
export function proofOf(subject: () => ProofSubject): {
  readonly prove: () => Promise<Verdict>;
  readonly last: () => Proved | undefined;
} {
  let last: Proved | undefined;
  const ask = async (): Promise<Verdict> => {
    last = await proofStep(subject());
    const { outcome, line } = last.step;
    return { ok: outcome === 'proven', why: line.replaceAll(/\s*\n\s*/g, '; ') };
  };
  return { prove: ask, last: () => last };
}

function notProven(line: string): Proved {
  return { step: { step: 'proof', outcome: 'not proven', line: `not proven: ${line}` }, findings: [] };
}

function verdictStep(proof: Proof, address: Address, daemon: ProofSubject['daemon']): Step {
  const lines = proof.findings.map(findingText).join('');
  const where = addressText(address);
  if (proof.verdict === 'proven')
    return { step: 'proof', outcome: 'proven', line: `secured: ${where}\n${lines}`.trimEnd() };
  const advice = adviceOn(proof, daemon);
  const why = advice === undefined ? '' : ` (${advice})`;
  return { step: 'proof', outcome: 'disproven', line: `NOT secured: ${where}${why}\n${lines}`.trimEnd() };
}

/** What to do when not even the client was served. */
const ADVICE: Partial<Record<Answer['kind'], string>> = {
  silent:
    'what has this port takes connections and says nothing: an engine that starts does so for a while; else see there which program has it: ss -ltnp',
  mistrusted:
    'what has this port is not the engine with this pair: restart the engine, or see there which program has it: ss -ltnp',
  answered:
    'that is said to a client who is to be served: 403 and 500 are the words of an authorization plugin, all else are no words of an engine',
};

function adviceOn({ findings }: Proof, { written }: ProofSubject['daemon']): string | undefined {
  const kind = findings[0]?.answer.kind;
  if (written && kind !== 'silent')
    return 'it still runs with its old configuration: restart it, then run this again';
  return kind && ADVICE[kind];
}

function findingText({ who, answer, good }: Finding): string {
  return `    ${good ? 'ok ' : 'NO '} ${who}: ${answer.kind} (${answer.detail})\n`;
}

function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
