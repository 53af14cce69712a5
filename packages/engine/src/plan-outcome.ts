import {
  findDockerd,
  parseDaemonConfig,
  readDaemonConfig,
  refuseRejected,
  renderDiff,
  validateDaemonConfigText,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, DaemonConfigPlan, DropInPlan } from '@docker-mtls/daemon-config';
import { runProgram } from '@docker-mtls/run';
import type { DaemonOutcome } from './engine-outcome.ts';
import type { HostUnit } from './host-unit.ts';
import type { ConfigurationOrder } from './configuration-order.ts';
import { effectOf } from './planned-effect.ts';
import type { PlannedEffect } from './planned-effect.ts';
import { fleetingWarnings } from './fleeting-address.ts';
import { refuseInitScript } from './init-script.ts';
import { lingerWarnings } from './linger.ts';
import { refuseUnusable } from './listen.ts';
import { usualConfig } from './local-engine.ts';
import { optionsOf, planFile } from './plan-file.ts';
import { planHost } from './plan-host.ts';
import type { HostPlan } from './plan-host.ts';
import { readerOf, refuseReaders } from './other-engines.ts';
import { publishedWarnings } from './published-engine-keys.ts';
import { serviceManager } from './restart-command.ts';
import { runningEngines } from './running-engines.ts';
import type { RunningEngine } from './running-engines.ts';

export type FileOutcome = { readonly plan: DaemonConfigPlan; readonly outcome: DaemonOutcome };
export type HostOutcome = { readonly plan: HostPlan; readonly outcome: DaemonOutcome };

export async function planOutcome(order: ConfigurationOrder, unit: HostUnit): Promise<HostOutcome>;
export async function planOutcome(
  order: ConfigurationOrder,
  unit: HostUnit | undefined,
): Promise<FileOutcome | HostOutcome>;
/** Plans what an order asks for, and has the plan checked; nothing is written. */
export async function planOutcome(
  order: ConfigurationOrder,
  unit: HostUnit | undefined,
): Promise<FileOutcome | HostOutcome> {
  const { config } = order.engine;
  const document = parseDaemonConfig(readDaemonConfig(config), config);
  if (unit === undefined) {
    const planned = planFile(order, document);
    const hosts = order.certificates === 'elsewhere' ? [] : order.listen;
    const plan = withWarnings(planned, await fleetingWarnings(hosts, runProgram));
    const reader = readersOf(order, plan.after, undefined);
    if (reader === undefined && isUsualHere(order))
      refuseInitScript({ text: plan.after, manager: serviceManager() });
    const program = reader?.program ?? findDockerd();
    const flags = reader === undefined ? [] : withoutConfigFile(reader);
    const change = effectOf(order, { document, unit, text: plan.after });
    return { plan, outcome: await outcomeOf(order, { document, plan, program, flags, change }) };
  }
  const plan = planHost(unit, document, { ...optionsOf(order), liveRestore: order.liveRestore });
  readersOf(order, plan.config.after, unit);
  await refuseUnusable(plan.listens, runProgram);
  const warnings = [
    ...lingerWarnings(unit.scope),
    ...(await fleetingWarnings(plan.listens.wanted, runProgram)),
  ];
  const planned = {
    document,
    plan: withWarnings(plan.config, warnings),
    dropIn: plan.dropIn,
    program: unit.program,
    flags: plan.dropIn.flags,
    change: effectOf(order, { document, unit, text: plan.config.after, wanted: plan.listens.wanted }),
  };
  return { plan, outcome: await outcomeOf(order, planned) };
}

/** The running engine whose file this is, where no unit starts it. Throws what `refuseReaders` throws. */
function readersOf(
  { engine, certificates }: ConfigurationOrder,
  text: string,
  unit: HostUnit | undefined,
): RunningEngine | undefined {
  // A file for another machine has the path that it has there.
  if (certificates === 'elsewhere' || engine.machine.platform !== 'linux') return undefined;
  const readers = { config: engine.config, running: runningEngines(), unit };
  refuseReaders({ ...readers, text });
  return readerOf(readers);
}

/** Is it the file that an engine of this machine reads unless it is told another? */
function isUsualHere({ engine, certificates }: ConfigurationOrder): boolean {
  const { kind, config, machine } = engine;
  const isHere = certificates !== 'elsewhere' && machine.platform === 'linux';
  return isHere && kind === 'system' && config === usualConfig(kind, machine);
}

function withoutConfigFile({ arguments: args, flags }: RunningEngine): readonly string[] {
  const own = new Set(flags.flatMap(({ name, arguments: places }) => (name === 'config-file' ? places : [])));
  return args.filter((_, place) => !own.has(place));
}

function withWarnings(plan: DaemonConfigPlan, more: readonly string[]): DaemonConfigPlan {
  return { ...plan, warnings: [...plan.warnings, ...more] };
}

type Planned = {
  readonly document: DaemonConfigDocument;
  readonly plan: DaemonConfigPlan;
  readonly dropIn?: DropInPlan;
  /** The engine's own, if it is here. */
  readonly program: string | undefined;
  /** What the engine is started with besides, for its own check. */
  readonly flags: readonly string[];
  readonly change: PlannedEffect;
};

async function outcomeOf(
  order: ConfigurationOrder,
  { document, plan, dropIn, program, flags, change }: Planned,
): Promise<DaemonOutcome> {
  const { engine } = order;
  const { config } = engine;
  const isChanged = plan.changes.length > 0 || dropIn?.before !== dropIn?.after;
  const check = isChanged
    ? await checkWithEngine(order, { text: plan.after, dockerd: program, flags })
    : 'nothing to check';
  return {
    config,
    engine,
    plan: { ...plan, warnings: [...publishedWarnings(document), ...plan.warnings, ...change.warnings] },
    diff: diffOf(plan, config, dropIn),
    written: false,
    check,
    refuseCutOff: change.refuse,
    ...(dropIn && { dropIn }),
  };
}

function diffOf({ before, after }: DaemonConfigPlan, config: string, dropIn?: DropInPlan): string {
  const file = renderDiff(before, after, config);
  if (dropIn === undefined || dropIn.before === dropIn.after) return file;
  return file + renderDiff(dropIn.before ?? '', dropIn.after ?? '', dropIn.path);
}

type Check = {
  readonly text: string;
  readonly dockerd: string | undefined;
  readonly flags: readonly string[];
};

const UNCHECKED = {
  planned: 'not checked by an engine: the certificates are not made yet',
  elsewhere: 'not checked by an engine: the certificates are on another machine',
} as const;

async function checkWithEngine(
  { certificates }: ConfigurationOrder,
  { text, dockerd, flags }: Check,
): Promise<string> {
  if (certificates !== 'here') return UNCHECKED[certificates];
  if (dockerd === undefined) return 'not checked by an engine: dockerd was not found here';
  const validation = await validateDaemonConfigText({ dockerd, text, flags });
  refuseRejected(validation);
  return validation.ran
    ? `${dockerd} ${validation.version ?? ''} accepts it`
    : `not checked: ${validation.message}`;
}
