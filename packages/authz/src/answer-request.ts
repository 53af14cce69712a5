import type { Caller } from '@docker-mtls/errors';
import type { AuditLog } from './audit/audit-log.ts';
import type { Outcomes } from './audit/outcomes.ts';
import { decisionRecord, levelOf } from './audit/records.ts';
import type { Engine } from './engine/get-json.ts';
import type { OwnCalls } from './engine/own-calls.ts';
import { judge } from './judge/judge.ts';
import { refusal } from './judge/judgement.ts';
import type { Judgement } from './judge/judgement.ts';
import { parseCall } from './protocol/call.ts';
import type { EngineCall } from './protocol/call.ts';
import type { Answer } from './protocol/server.ts';
import type { Settings } from './settings/settings.ts';
import type { Turn } from './turns.ts';

export type Plugin = {
  readonly settings: () => Settings;
  readonly engine: Engine;
  readonly own: OwnCalls;
  /** Undefined: decisions are not recorded, and denials are printed. */
  readonly log: AuditLog | undefined;
  readonly outcomes: Outcomes;
  readonly nextId: () => string;
  readonly turn: Turn;
  readonly caller: Caller;
};

/** The engine waits without limit; its client does not. */
const ANSWERED_WITHIN_MS = 900;

const NO_CALL: EngineCall = {
  isTls: false,
  method: '',
  uri: '',
  headers: {},
  body: '',
  certificates: [],
  status: undefined,
};

/** Decides, records that, and only then answers. Whatever goes wrong denies. */
export async function answerRequest(plugin: Plugin, bytes: Buffer | undefined): Promise<Answer> {
  const begun = performance.now();
  try {
    await plugin.turn();
    const call = bytes === undefined ? undefined : parseCall(bytes);
    if (call !== undefined && plugin.own.recognize(call)) return { Allow: true };
    const probe = call === undefined ? undefined : plugin.own.probeIn(call);
    if (probe !== undefined) return { Allow: false, Msg: `docker-mtls: probe ${probe}` };
    const settings = plugin.settings();
    const now = plugin.caller.now().getTime();
    const judgement =
      call === undefined ? unreadable(bytes) : await judge(call, plugin.engine, { settings, now });
    return await record(plugin, { call: call ?? NO_CALL, judgement, settings, begun });
  } catch (error) {
    return failed(plugin, error);
  }
}

function unreadable(bytes: Buffer | undefined): Judgement {
  const reason =
    bytes === undefined ? 'it is larger than any the engine passes on' : 'the engine sent no request';
  return refusal({ who: { unknown: true }, name: 'a client', rule: 'protocol', reason });
}

type Decided = {
  readonly call: EngineCall;
  readonly judgement: Judgement;
  readonly settings: Settings;
  /** Of performance.now. */
  readonly begun: number;
};

async function record(plugin: Plugin, { call, judgement, settings, begun }: Decided): Promise<Answer> {
  const { log, outcomes, caller, nextId } = plugin;
  const { audit } = settings.policy;
  const { allow, text } = judgement;
  const id = nextId();
  const denial: Answer = { Allow: false, Msg: text(id) };
  if (log === undefined) {
    if (!allow) caller.note?.({ kind: 'info', message: denial.Msg ?? '' });
    return allow ? { Allow: true } : denial;
  }
  const level = levelOf(audit, judgement);
  if (level === 'none') return { Allow: true };
  const time = caller.now().toISOString();
  log.write(decisionRecord({ id, time, level }, call, judgement));
  if (!allow) return denial;
  if (audit.durability === 'sync') await inTime(log.synced(), plugin, { id, begun });
  outcomes.allowed(call, { id, operation: judgement.operation });
  return { Allow: true };
}

/** A record that does not reach the disk in time denies, and says so where it does. */
async function inTime(
  synced: Promise<void>,
  { log, caller }: Plugin,
  { id, begun }: { readonly id: string; readonly begun: number },
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('the disk took too long')),
      begun + ANSWERED_WITHIN_MS - performance.now(),
    );
  });
  try {
    await Promise.race([synced, late]);
  } catch (error) {
    const refused = error instanceof Error ? error.message : String(error);
    const time = caller.now().toISOString();
    log?.write({ type: 'outcome', id, time, status: undefined, refused });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function failed({ caller }: Plugin, error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  caller.note?.({
    kind: 'warning',
    message: `denied, because it could not be decided or recorded: ${message}`,
  });
  return { Allow: false, Msg: 'docker-mtls: denied, because the plugin could not decide or record it' };
}
