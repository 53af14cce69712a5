import type { Finding, Proof } from '@docker-mtls/proof';
import type { Entry } from '@docker-mtls/store';
import type { Args } from '../../args.ts';
import type { DaemonOutcome } from '../../configure-daemon.ts';
import { hasKey } from '../../current-entry.ts';
import { prove } from '../../prove.ts';
import type { Session } from '../../session.ts';
import { engineAddresses } from './engine-addresses.ts';
import type { Address } from './engine-addresses.ts';
import type { Step } from './step.ts';

export type ProofSubject = {
  readonly session: Session;
  readonly args: Args;
  readonly server: Entry;
  readonly clients: readonly Entry[];
  readonly daemon: DaemonOutcome;
};

export type Proved = { readonly step: Step; readonly findings: readonly Finding[] };

/** Proves the first address that answers; where none does, says so, and that is all that it says. */
export async function proofStep({ session, args, server, clients, daemon }: ProofSubject): Promise<Proved> {
  const client = clients.find(hasKey);
  const addresses = engineAddresses(args, server);
  if (client === undefined) return notProven('no client whose key is here could knock');
  for (const address of addresses) {
    const proof = await prove(session, { ...address, server, client });
    if (proof.verdict !== 'unreachable')
      return { step: verdictStep(proof, address, daemon), findings: proof.findings };
  }
  return notProven(`nothing answers yet at ${addresses.map(addressText).join(' or ')}`);
}

function notProven(line: string): Proved {
  return { step: { step: 'proof', outcome: 'not proven', line: `not proven: ${line}` }, findings: [] };
}

function verdictStep(proof: Proof, address: Address, daemon: DaemonOutcome): Step {
  const lines = proof.findings.map(findingText).join('');
  const where = addressText(address);
  if (proof.verdict === 'proven')
    return { step: 'proof', outcome: 'proven', line: `secured: ${where}\n${lines}`.trimEnd() };
  const because = daemon.written
    ? ' (it still runs with its old configuration: restart it, then run this again)'
    : '';
  return { step: 'proof', outcome: 'disproven', line: `NOT secured: ${where}${because}\n${lines}`.trimEnd() };
}

function findingText({ who, answer, good }: Finding): string {
  return `    ${good ? 'ok ' : 'NO '} ${who}: ${answer.kind} (${answer.detail})\n`;
}

function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
