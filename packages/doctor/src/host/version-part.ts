import { runProgram } from '@docker-mtls/run';
import { getJson, member } from '../address/engine-facts.ts';
import type { AddressFacts, FactsOrder } from '../address/engine-facts.ts';
import { engineBuild } from '@docker-mtls/engine/version';
import type { EngineBuild } from '@docker-mtls/engine/version';
import { versionFindings } from '../version/version-findings.ts';
import { namedPlugins } from './config-findings.ts';
import { containerFindings, lockFindings } from './container-findings.ts';
import { enginePackage } from './engine-package.ts';
import type { ExaminedHost } from './host-order.ts';
import { grpcFindings, hostPluginFindings } from './plugin-findings.ts';
import { socketFindings } from './socket-findings.ts';
import type { Told } from './told.ts';

/** What an engine tells over its local socket: its version, its containers, its plugins. */
export async function versionPart(told: Told, facts: AddressFacts, ask: FactsOrder): Promise<ExaminedHost> {
  const { config: subject, owner } = told;
  const socketPath = 'socketPath' in ask.door ? ask.door.socketPath : '';
  const socket = socketFindings(socketPath, owner);
  if (facts.version === undefined)
    return { found: socket, unseen: [`the engine behind ${socketPath}: no answer to GET /version`] };
  const build = await buildOf(facts, facts.version);
  const named = namedPlugins(told);
  const managed = await managedPlugins(ask, named);
  return {
    found: [
      ...socket,
      ...(build === undefined
        ? []
        : versionFindings({ subject: `engine ${facts.version}`, build, hasPlugin: named.length > 0 })),
      ...(await containerFindings({ subject, facts, build, ask })),
      ...lockFindings(subject, facts),
      ...grpcFindings(socketPath, named, build),
      ...(await hostPluginFindings({ subject, named, managed, started: facts.plugins })),
    ],
    unseen: [],
  };
}

async function buildOf({ platform }: AddressFacts, version: string): Promise<EngineBuild | undefined> {
  return engineBuild({ version, platform, package: await enginePackage(runProgram) });
}

async function managedPlugins(ask: FactsOrder, named: readonly string[]): Promise<readonly string[]> {
  if (named.length === 0) return [];
  const listed = await getJson(ask, '/plugins');
  return (Array.isArray(listed) ? listed : []).flatMap((each) => {
    const name = member(each, 'Name');
    return typeof name === 'string' ? [name] : [];
  });
}
