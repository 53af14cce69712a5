import { askAsClient, askSocket } from '@docker-mtls/proof/ask-once';
import type { ProbeOutcome } from '@docker-mtls/proof';
import { isTcpHost, socketPathOf, tcpTarget } from '../store/context-host.ts';
import type { StoredContext } from '../store/read-contexts.ts';
import { contextError, type ContextProblem } from './context-problem.ts';
import { defaultPort } from './overrides.ts';
import { parseContextTls } from './read-tls.ts';

/** What the engine said, or why it was not asked. */
export type ContextAnswer = { readonly problems: readonly ContextProblem[] } | { readonly notAsked: string };

/**
 * Connects as the Docker CLI would, and asks the engine for an answer. Only of a context in which nothing else was found
 * wrong: plain HTTP is never spoken, and a proxy is not gone through.
 */
export async function askThroughContext(
  context: StoredContext,
  seen: readonly ContextProblem[],
): Promise<ContextAnswer> {
  const local = socketPathOf(context.host);
  if (local !== undefined) return askLocal(local);
  const target = isTcpHost(context.host) ? tcpTarget(context.host) : undefined;
  const files = parseContextTls(context.tls);
  if (target === undefined)
    return { notAsked: 'the engine was not asked, because it is not reached by TLS or SSH' };
  if (seen.some(({ problem }) => problem === 'proxied'))
    return { notAsked: 'the engine was not asked, because Docker would go through a proxy' };
  if (target.path !== '') return { notAsked: 'the engine was not asked, because its address has a path' };
  const isWrong = seen.some(({ severity }) => severity === 'error');
  if (isWrong || typeof files === 'string' || files.pair === undefined)
    return { notAsked: 'the engine was not asked, because of what is wrong here' };
  const { name, port = defaultPort(true) } = target;
  const roots = files.roots.map(({ pem }) => pem);
  const answer = await askAsClient({ host: name, port }, { name, roots, pair: files.pair });
  const problem = problemOf(answer, `${name}:${port}`, context);
  return { problems: problem === undefined ? [] : [problem] };
}

async function askLocal(path: string): Promise<ContextAnswer> {
  const { kind, detail } = await askSocket({ path });
  if (kind === 'accepted') return { problems: [] };
  const [problem, message] =
    kind === 'answered'
      ? (['engine-refuses', `${path} did not serve the request: ${detail}`] as const)
      : (['engine-unreachable', `no engine answers on ${path}: ${detail}`] as const);
  const hint = 'check that the engine runs, and that this user may use its socket';
  return { problems: [contextError(problem, message, hint)] };
}

function problemOf(
  answer: ProbeOutcome,
  address: string,
  { name }: StoredContext,
): ContextProblem | undefined {
  const { kind, detail } = answer;
  switch (kind) {
    case 'accepted': {
      return undefined;
    }
    case 'unreachable': {
      const hint = 'check that the engine runs, and that its address and port are right';
      return contextError('engine-unreachable', `no connection to ${address}: ${detail}`, hint);
    }
    case 'silent': {
      const hint = 'check which program listens on that port';
      return contextError(
        'engine-unreachable',
        `${address} accepts connections and does not answer: ${detail}`,
        hint,
      );
    }
    case 'mistrusted': {
      const hint = 'compare the address with the certificate of the engine, and ca.pem with its CA';
      return contextError('engine-not-trusted', `what answers at ${address} is not trusted: ${detail}`, hint);
    }
    case 'rejected':
    case 'closed':
    case 'unclear': {
      const hint = `ask the engine's administrator whether it trusts the CA of this client and whether the certificate was revoked; docker-mtls context update ${name} takes a newer one`;
      return contextError('engine-refuses', `the engine at ${address} refuses this client: ${detail}`, hint);
    }
    case 'answered': {
      const hint = "ask the engine's administrator for the rules of its authorization plugin";
      return contextError(
        'engine-refuses',
        `${address} accepted this client but did not serve it: ${detail}`,
        hint,
      );
    }
  }
}
