import fs from 'node:fs';
import { readUnit, runningEngines } from '@docker-mtls/engine';
import { checkDropIn } from '@docker-mtls/engine/findings';
import type { HostUnit, LocalEngine, RunningEngine } from '@docker-mtls/engine';
import { orRefusedLater } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { examineEngine } from './examine-engine.ts';
import { changeableFindings } from './file-findings.ts';
import { groupFindings } from './group-findings.ts';
import type { ExaminedHost, HostOrder } from './host-order.ts';
import { socketUnitFindings } from './socket-findings.ts';
import { socketUnits } from './socket-units.ts';
import type { SocketUnit } from './socket-units.ts';
import { otherListeners } from './other-listeners.ts';

/**
 * Looks at the engines of this machine: their processes, files, units and sockets, and every address that they have. Only
 * GET is sent, and nothing is changed.
 */
export async function examineHost(order: HostOrder): Promise<ExaminedHost> {
  const running = runningEngines();
  const unit = await unitOf(order.engine);
  const sockets = await socketsOf(order.engine);
  const each: ExaminedHost[] = [
    { found: socketUnitFindings(sockets), unseen: unit.unseen },
    unitFiles(unit.unit, sockets),
    await dropIn(order.engine),
    { found: groups(order.engine), unseen: [] },
    { found: severalFindings(running), unseen: [] },
  ];
  const subjects: readonly (RunningEngine | undefined)[] = running.length === 0 ? [undefined] : running;
  for (const process of subjects)
    each.push(await examineEngine(order, { process, unit: unit.unit, sockets }));
  each.push(await otherListeners(order, running));
  return { found: distinct(each.flatMap((one) => one.found)), unseen: each.flatMap((one) => one.unseen) };
}

/** A socket unit may hold a port for an engine that does not run. */
function distinct(findings: readonly FoundFinding[]): readonly FoundFinding[] {
  return [...new Map(findings.map((each) => [keyOf(each), each])).values()];
}

function keyOf({ id, subject, message }: FoundFinding): string {
  return `${id} ${subject} ${message}`;
}

type UnitSeen = { readonly unit: HostUnit | undefined; readonly unseen: readonly string[] };

/** A unit that cannot be understood keeps nothing else from being looked at. */
async function unitOf(engine: LocalEngine): Promise<UnitSeen> {
  return orRefusedLater(
    async () => ({ unit: await readUnit(engine), unseen: [] }),
    ({ message }) => ({ unit: undefined, unseen: [`the unit of the engine: ${message}`] }),
  );
}

async function socketsOf({ kind }: LocalEngine): Promise<readonly SocketUnit[]> {
  if (!fs.existsSync('/run/systemd/system')) return [];
  return socketUnits(runProgram, kind === 'rootless' ? ['--user'] : []);
}

function unitFiles(unit: HostUnit | undefined, sockets: readonly SocketUnit[]): ExaminedHost {
  const owner = ownerOf(unit?.scope.isRootless === true);
  const paths = [...(unit?.files.map(({ path }) => path) ?? []), ...sockets.flatMap(({ files }) => files)];
  const seen = [...new Set(paths)].map((path) => changeableFindings(path, 'unit-writable', owner));
  return { found: seen.flatMap((each) => each.found), unseen: seen.flatMap((each) => each.unseen) };
}

function ownerOf(isRootless: boolean): number {
  return isRootless ? (process.geteuid?.() ?? 0) : 0;
}

async function dropIn(engine: LocalEngine): Promise<ExaminedHost> {
  const findings = await orRefusedLater(
    () => checkDropIn(engine),
    () => [],
  );
  return {
    found: findings.map(({ id, message, hint }) =>
      found('host', id, { subject: 'docker.service', message, hint }),
    ),
    unseen: [],
  };
}

/** A rootless engine has its user's rights alone. */
function groups({ kind }: LocalEngine): readonly FoundFinding[] {
  if (kind === 'rootless') return [];
  const [group, users] = ['/etc/group', '/etc/passwd'].map(textOf);
  return groupFindings('docker', { groups: group ?? '', users: users ?? '' });
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function severalFindings(running: readonly RunningEngine[]): readonly FoundFinding[] {
  if (running.length < 2) return [];
  const which = running.map(({ pid, config }) => `process ${pid} with ${config}`).join(', ');
  return [found('host', 'second-engine', { subject: 'this machine', message: which })];
}
