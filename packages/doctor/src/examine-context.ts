import {
  checkContext,
  currentContext,
  defaultPort,
  isSshHost,
  isTcpHost,
  parseContextTls,
  readContext,
  tcpTarget,
} from '@docker-mtls/context';
import type { StoredContext } from '@docker-mtls/context';
import type { PairPem } from '@docker-mtls/proof';
import { parseSshHost } from '@docker-mtls/ssh';
import type { ClientCredentials } from './address/order.ts';
import type { Diagnosis, DoctorOrder } from './doctor-order.ts';
import { examineSsh } from './examine-ssh.ts';
import { examineTcp } from './examine-tcp.ts';
import { found } from './found.ts';
import type { FoundFinding } from './found.ts';

/** Looks at a context, and at the engine that it leads to. */
export async function examineContext(
  order: DoctorOrder,
  name: string,
  stranger: PairPem,
): Promise<Omit<Diagnosis, 'target'>> {
  const context = readContext(order.dockerFolder, name);
  const own = await contextFindings(order, context);
  const engine = await examineItsEngine(order, context, stranger);
  const { unseen, failed } = engine;
  return {
    found: [...own, ...engine.found],
    unseen,
    ...(failed !== undefined && { failed: `${context.host}: ${failed}` }),
  };
}

/** What is wrong with a context itself; its engine is not asked. */
export async function contextFindings(
  { dockerFolder, env, now, newerThan }: DoctorOrder,
  context: StoredContext,
): Promise<readonly FoundFinding[]> {
  const subject = `context:${context.name}`;
  // Variables take precedence over the context in use alone.
  const isCurrent = context.name === currentContext(dockerFolder);
  const problems = checkContext(context, { now: now(), env: isCurrent ? env : {} });
  const newer = await newerThan?.(context);
  return [
    ...problems.map(({ problem, severity, message, hint }) =>
      found('contexts', problem, { subject, message, hint, severity }),
    ),
    ...(newer === undefined
      ? []
      : [
          found('contexts', 'certificate-replaced', {
            subject,
            message: newer,
            hint: `docker-mtls context update ${context.name}`,
          }),
        ]),
  ];
}

const NOTHING: Omit<Diagnosis, 'target'> = { found: [], unseen: [] };

async function examineItsEngine(
  order: DoctorOrder,
  context: StoredContext,
  stranger: PairPem,
): Promise<Omit<Diagnosis, 'target'>> {
  const { host } = context;
  if (isSshHost(host)) return examineSsh(order, parseSshHost(host));
  const target = isTcpHost(host) ? tcpTarget(host) : undefined;
  if (target === undefined || target.path !== '') return NOTHING;
  const { patienceMs, now } = order;
  const ports = [target.port ?? defaultPort(context.usesTls)];
  const client = contextCredentials(context);
  return examineTcp({ text: host, host: target.name, ports, client, stranger, patienceMs, now });
}

/** What a context shows and trusts, where that can be used. */
export function contextCredentials({ tls }: Pick<StoredContext, 'tls'>): ClientCredentials | undefined {
  const files = parseContextTls(tls);
  if (typeof files === 'string' || files.pair === undefined || files.roots.length === 0) return undefined;
  return { roots: files.roots.map(({ pem }) => pem), pair: files.pair };
}
