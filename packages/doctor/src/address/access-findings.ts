import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { hasAnswered, isFromEngine } from './probes.ts';
import type { AskedBy, AskerKind, Probes } from './probes.ts';

/** Who is served who must not be. */
export function accessFindings(subject: string, { plain, askers }: Probes): readonly FoundFinding[] {
  return [...plainFindings(subject, plain), ...openFindings(subject, askers)];
}

function plainFindings(subject: string, plain: Probes['plain']): readonly FoundFinding[] {
  const { detail } = plain.outcome;
  if (isFromEngine(plain))
    return [
      found('listeners', 'plain-tcp', {
        subject,
        message: `GET /_ping over plain HTTP was answered: ${detail}`,
      }),
    ];
  if (!hasAnswered(plain)) return [];
  return [
    found('listeners', 'hostile-answer', {
      subject,
      message: `plain HTTP is served, and not by an engine: ${detail}`,
    }),
  ];
}

const WHO: Readonly<Record<AskerKind, string>> = {
  nobody: 'a client without a certificate',
  stranger: 'a client of an unknown CA',
  server: 'the server certificate of the engine, shown as a client,',
};

const WORDS = {
  nobody: 'client-not-verified',
  stranger: 'stranger-accepted',
  server: 'server-certificate-accepted',
} as const;

/** An engine that serves clients without a certificate serves those with any: one finding is enough. */
function openFindings(subject: string, askers: readonly AskedBy[]): readonly FoundFinding[] {
  const open = askers.filter(isFromEngine);
  const worst = (['nobody', 'stranger', 'server'] as const).find((by) => open.some((each) => each.by === by));
  if (worst !== undefined) {
    const ways = open.filter(({ by }) => by === worst).map(wayOf);
    return [
      found('listeners', WORDS[worst], { subject, message: `${WHO[worst]} was served: ${ways.join('; ')}` }),
    ];
  }
  const unclear = askers.find((each) => hasAnswered(each) || isLetIn(each)) ?? askers.find(isUnasked);
  if (unclear === undefined) return [];
  const message = `${WHO[unclear.by]} ${whatOf(unclear)}: ${wayOf(unclear)}`;
  return [found('listeners', 'rejection-unclear', { subject, message })];
}

function whatOf(unclear: AskedBy): string {
  if (hasAnswered(unclear)) return "got an answer that is not an engine's";
  return isLetIn(unclear) ? 'was not rejected' : 'was not asked for one';
}

/** An engine asks everybody for a certificate; a server that does not, and hangs up, knows nothing of who it was. */
function isUnasked({ by, isAskedForPair }: AskedBy): boolean {
  return by === 'nobody' && isAskedForPair === false;
}

/** The handshake is complete, and the request was taken, or met by what is no HTTP. */
function isLetIn({ outcome }: AskedBy): boolean {
  return (outcome.kind === 'silent' || outcome.kind === 'mistrusted') && outcome.isConnected === true;
}

/** How it was asked, and what came of it. */
export function wayOf({ version, byResumption, outcome }: AskedBy): string {
  const how = byResumption ? ', by resuming a session' : '';
  return `TLS ${version.slice('TLSv'.length)}${how} (${outcome.detail})`;
}
