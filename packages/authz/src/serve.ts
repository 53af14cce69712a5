import { hash } from 'node:crypto';
import type { Server } from 'node:http';
import path from 'node:path';
import type { Caller } from '@docker-mtls/errors';
import { requireSafeFile } from '@docker-mtls/files';
import { runProgram } from '@docker-mtls/run';
import { answerRequest } from './answer-request.ts';
import type { Plugin } from './answer-request.ts';
import { auditIds, auditLog } from './audit/audit-log.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { openLogFile } from './audit/log-file.ts';
import { makeLogFolder } from './audit/make-log-folder.ts';
import { outcomes } from './audit/outcomes.ts';
import { engineAt } from './engine/get-json.ts';
import type { Engine } from './engine/get-json.ts';
import { ownCalls } from './engine/own-calls.ts';
import { parseCall } from './protocol/call.ts';
import { listen } from './protocol/listen.ts';
import type { ListenAt } from './protocol/listen.ts';
import { pluginServer } from './protocol/server.ts';
import { keptState } from './settings/kept-state.ts';
import { openSettings } from './settings/settings.ts';
import type { Change, SettingsFiles, SettingsSource } from './settings/settings.ts';
import { turns } from './turns.ts';
import type { Turn } from './turns.ts';
import { startWatchdog } from './watchdog.ts';

export type ServeOrder = {
  readonly files: SettingsFiles;
  readonly socket: ListenAt;
  /** The folder of the audit log. Undefined: decisions are not recorded. */
  readonly audit: string | undefined;
  /** A program that is run with each checkpoint of the log as its only argument. */
  readonly checkpointProgram: string | undefined;
  /** The engine's local socket, for questions about objects. */
  readonly engineSocket: string;
};

export type Serving = { readonly stop: () => Promise<void> };

/** Files are looked at this often. */
const LOOK_EVERY_MS = 50;
const STOPPED_WITHIN_MS = 1000;

/**
 * Runs the plugin until it is stopped. It is ready to be asked when this returns. `watch` ends the process when it hangs.
 * Codes: `AUTHZ_…`, `FILE_UNSAFE`.
 */
export async function serve(
  order: ServeOrder,
  caller: Caller,
  watch: typeof startWatchdog = startWatchdog,
): Promise<Serving> {
  const { audit, checkpointProgram } = order;
  if (checkpointProgram !== undefined)
    requireSafeFile(checkpointProgram, 'a program that the plugin runs', { rootAlone: true });
  if (audit !== undefined) makeLogFolder(audit);
  const kept = audit === undefined ? undefined : keptState(path.join(audit, 'state'));
  const source = await openSettings(order.files, kept);
  const log =
    audit === undefined
      ? undefined
      : auditLog(openLogFile(audit), (text) => tellCheckpoint(order, caller, text));
  const own = ownCalls();
  const turn = turns();
  const engine = inTurns(engineAt(order.engineSocket, own), turn);
  const plugin: Plugin = {
    settings: source.current,
    engine,
    own,
    log,
    outcomes: outcomes(),
    nextId: auditIds(),
    turn,
    caller,
  };
  const server = pluginServer({
    request: (bytes) => answerRequest(plugin, bytes),
    response: (bytes) => void noteOutcome(plugin, bytes),
    status: () => statusOf(source, log),
    probe: () => ({ secret: own.announceProbe() }),
  });
  const stopWatchdog = await watch();
  const stopLooking = follow(source, plugin);
  const stop = async (): Promise<void> => {
    await stopLooking();
    await closed(server);
    stopWatchdog();
    engine.close();
    log?.close();
  };
  try {
    await listen(server, order.socket);
  } catch (error) {
    // What looks at files would keep the process running without a socket.
    await stop();
    throw error;
  }
  return { stop };
}

/** Answers who is waiting first: of a call that breaks, the engine sends the next plugin an empty one, which is denied. */
async function closed(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), STOPPED_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

/** What follows an answer is work as well. */
function inTurns(engine: Engine, turn: Turn): Engine {
  return {
    ...engine,
    get: async (place, asking) => {
      const answer = await engine.get(place, asking);
      await turn();
      return answer;
    },
  };
}

async function noteOutcome({ outcomes: pending, log, caller, turn }: Plugin, bytes: Buffer): Promise<void> {
  if (log === undefined) return;
  try {
    await turn();
    const call = parseCall(bytes);
    const record = call === undefined ? undefined : pending.ended(call, caller.now().toISOString());
    if (record !== undefined) log.add(record);
  } catch (error) {
    caller.note?.({ kind: 'warning', message: `an outcome was not recorded: ${textOf(error)}` });
  }
}

/** Takes over what changed, and reports what cannot be taken over: each problem once. */
function follow(source: SettingsSource, plugin: Plugin): () => Promise<void> {
  let reported: readonly string[] = [];
  recordChanges(source.all(), plugin);
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    recordChanges(await source.look(), plugin);
    const problems = source.problems();
    for (const problem of problems.filter((each) => !reported.includes(each))) {
      plugin.caller.note?.({
        kind: 'warning',
        message: `${problem}; what was in force before stays in force`,
      });
    }
    reported = problems;
    looking = undefined;
  };
  const timer = setInterval(() => {
    looking ??= look();
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

function recordChanges(changes: readonly Change[], { log, caller }: Plugin): void {
  for (const change of changes) {
    caller.note?.({ kind: 'info', message: `in force: ${change.what} (SHA-256 ${change.sha256})` });
    try {
      log?.write({ type: 'change', time: caller.now().toISOString(), ...change });
    } catch {
      // The next decision meets the same fault, and is denied.
    }
  }
}

function statusOf(source: SettingsSource, log: AuditLog | undefined): unknown {
  const { policy, revocations, locks } = source.current();
  const lists = [...(revocations ?? [])].map(([issuerKey, { number, nextUpdate, revoked, der }]) => ({
    issuerKey,
    number: String(number),
    revoked: revoked.size,
    sha256: hash('sha256', der, 'hex'),
    ...(nextUpdate !== undefined && { nextUpdate: new Date(nextUpdate).toISOString() }),
  }));
  return {
    pid: process.pid,
    mode: policy.mode,
    local: policy.local,
    lists,
    locks: locks.length,
    problems: source.problems(),
    audit: log?.last(),
  };
}

function tellCheckpoint({ checkpointProgram }: ServeOrder, caller: Caller, text: string): void {
  caller.note?.({ kind: 'info', message: `audit checkpoint ${text}` });
  if (checkpointProgram !== undefined) void handOver(checkpointProgram, text, caller);
}

async function handOver(program: string, checkpoint: string, { note }: Caller): Promise<void> {
  const { code, trouble } = await runProgram(program, [checkpoint]);
  if (code === 0) return;
  note?.({ kind: 'warning', message: `${program} failed: ${trouble?.text ?? `exit code ${code}`}` });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
