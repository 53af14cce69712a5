import { runProgram } from '@docker-mtls/run';
import { getJson, member } from '../address/engine-facts.ts';
import type { AddressFacts, FactsOrder } from '../address/engine-facts.ts';
import { engineBuild } from '@docker-mtls/engine/version';
import type { EngineBuild } from '@docker-mtls/engine/version';
import type { FoundFinding } from '../found.ts';
import { versionFindings } from '../version/version-findings.ts';
import { namedPlugins } from './config-findings.ts';
import { containerFindings, lockFindings } from './container-findings.ts';
import { enginePackage } from './engine-package.ts';
import type { ExaminedHost } from './host-order.ts';
import { downPluginFindings, isOwnPlugin, ownPluginFindings } from './own-plugin-findings.ts';
import { grpcFindings, hostPluginFindings } from './plugin-findings.ts';
import { socketFindings } from './socket-findings.ts';
import type { Told } from './told.ts';

/** What an engine tells over its local socket: its version, its containers, its plugins. */
export async function versionPart(
  told: Told,
  facts: AddressFacts,
  { ask, now }: { readonly ask: FactsOrder; readonly now: Date },
): Promise<ExaminedHost> {
  const { config: subject, owner } = told;
  const socketPath = 'socketPath' in ask.door ? ask.door.socketPath : '';
  const socket = socketFindings(socketPath, owner);
  const named = namedPlugins(told);
  const plugins = await pluginsPart(named, { subject, facts, ask, now });
  if (facts.version === undefined)
    return {
      found: [...socket, ...plugins],
      unseen: [`the engine behind ${socketPath}: no answer to GET /version`],
    };
  const build = await buildOf(facts, facts.version);
  return {
    found: [
      ...socket,
      ...(build === undefined
        ? []
        : versionFindings({ subject: `engine ${facts.version}`, build, hasPlugin: named.length > 0 })),
      ...(await containerFindings({ subject, facts, build, ask })),
      ...lockFindings(subject, facts),
      ...grpcFindings(socketPath, named, build),
      ...plugins,
    ],
    unseen: [],
  };
}

type PluginsOrder = {
  readonly subject: string;
  readonly facts: AddressFacts;
  readonly ask: FactsOrder;
  readonly now: Date;
};

/** The plugins that daemon.json names; also those of an engine that does not answer, perhaps because of them. */
async function pluginsPart(
  named: readonly string[],
  { subject, facts, ask, now }: PluginsOrder,
): Promise<readonly FoundFinding[]> {
  const others = named.filter((name) => !isOwnPlugin(name));
  const isUp = facts.version !== undefined;
  const managed = isUp ? await managedPlugins(ask, named) : [];
  const started = isUp ? facts.plugins : undefined;
  const own = others.length < named.length;
  const socketPath = 'socketPath' in ask.door ? ask.door.socketPath : '';
  return [
    ...(await hostPluginFindings({ subject, named: others, managed, started })),
    ...(own ? await (isUp ? ownPluginFindings(socketPath, now) : downPluginFindings()) : []),
  ];
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
