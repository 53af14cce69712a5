import path from 'node:path';
import { escapeUnprintable } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import type { Ran } from '@docker-mtls/run';
import { LEAF_FILES } from '@docker-mtls/ca-directory';
import { withLockFile } from '@docker-mtls/ca-directory/with-lock-file';
import type { Entry } from '@docker-mtls/ca-directory';
import type { UnfinishedHook } from '@docker-mtls/registry';
import { hasKey } from './current-pair.ts';
import { inPlace } from './finish-publishing.ts';
import type { PairOf } from './renewal-plan.ts';
import type { Session } from './session.ts';

/** A program that follows each renewal, and its arguments: no shell reads them. */
export type Hook = {
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  /** What it gets besides the pair. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type HookResult = PairOf & {
  readonly serial: string;
  readonly ok: boolean;
  /** `exit code 3`; never a word of the command. */
  readonly outcome: string;
};

const LONGEST_MS = 5 * 60_000;
const PATIENCE_MS = 60 * 60_000;

/**
 * Runs a hook for every pair whose hook has not succeeded and that `includes` picks: those that were just renewed, and
 * those of earlier runs. Two commands never run hooks at the same time. What the hook prints goes to the caller's notes.
 */
export async function runHooks(
  session: Session,
  hook: Hook,
  includes: (pair: PairOf) => boolean,
): Promise<readonly HookResult[]> {
  const { reader, caller } = session;
  if (!(await reader.unfinishedHooks()).some(includes)) return [];
  const onWait = (): void =>
    caller.note?.({ kind: 'info', message: 'waiting for the hooks of another docker-mtls command…' });
  const lock = path.join(reader.directory, 'hooks.lock');
  return withLockFile(lock, { onWait, patience: PATIENCE_MS }, async () => {
    const results: HookResult[] = [];
    const unfinished = await reader.unfinishedHooks();
    for (const waiting of unfinished.filter(includes)) {
      const current = await reader.current(waiting.kind, waiting.name);
      // Another command has renewed it again meanwhile, and its hook is that command's.
      if (current?.serial === waiting.serial) results.push(await runOne(session, hook, waiting, current));
    }
    return results;
  });
}

async function runOne(
  session: Session,
  hook: Hook,
  { kind, name, serial }: UnfinishedHook,
  current: Entry,
): Promise<HookResult> {
  const { caller } = session;
  const env = await environmentOf(session, { kind, name }, current);
  const outcome = env === undefined ? 'the files of the pair are gone' : await outcomeOf(session, hook, env);
  const isDone = outcome === DONE;
  await session.exclusive((store) =>
    store.recordHook({ serial, isDone, outcome, operator: caller.operator, now: caller.now() }),
  );
  return { kind, name, serial, ok: isDone, outcome };
}

const DONE = 'exit code 0';

async function outcomeOf(
  { caller }: Session,
  { program, args, env }: Hook,
  own: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const options = { env: { ...env, ...own }, cwd: '/', timeoutMs: LONGEST_MS };
  const ran = await runProgram(program, args, options);
  for (const line of `${ran.stdout}\n${ran.stderr}`.split('\n').filter((each) => each.trim() !== ''))
    caller.note?.({ kind: 'info', message: escapeUnprintable(`hook: ${line}`) });
  return inWords(ran);
}

function inWords({ code, trouble }: Ran): string {
  return code === undefined ? (trouble?.text ?? 'it did not run') : `exit code ${code}`;
}

/** The files are in place, whatever was killed before; nothing, where somebody removed them. */
async function environmentOf(
  session: Session,
  { kind, name }: PairOf,
  current: Entry,
): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const entry = await inPlace(session, current);
  const { directory } = entry;
  if (directory === undefined) return undefined;
  const { ca, certificate, key } = LEAF_FILES[kind];
  return {
    DOCKER_MTLS_NAME: name,
    DOCKER_MTLS_KIND: kind,
    DOCKER_MTLS_CERT: path.join(directory, certificate),
    DOCKER_MTLS_KEY: hasKey(entry) ? path.join(directory, key) : undefined,
    DOCKER_MTLS_CA: path.join(directory, ca),
  };
}
