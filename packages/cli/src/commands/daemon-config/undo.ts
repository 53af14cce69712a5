import { readUndo, undoDaemonConfig } from '@docker-mtls/daemon-config';
import type { DropInPlan, UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { MtlsError } from '@docker-mtls/errors';
import type { Verdict } from '@docker-mtls/engine';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { stoppedText } from '../../engine/daemon-report.ts';
import type { Io } from '../../io/io.ts';
import { localEngine, restartWords } from '../../engine/local-engine.ts';
import type { LocalEngine } from '../../engine/local-engine.ts';
import { changeTools, noSystemd, recover, thisHost, withLock } from '../../engine/this-host.ts';
import type { ThisHost } from '../../engine/this-host.ts';

/** Takes the newest change back, with `--apply` in the running engine too. */
export async function undo(args: Args, io: Io): Promise<Report> {
  const engine = localEngine(args, io);
  const host = await thisHost(engine, io);
  if (host !== undefined) return undoOnHost(args, io, { host, engine });
  if (args.flag('apply') === true) throw noSystemd(engine);
  return undoneReport(undoFile(engine, { now: io.now(), force: args.flag('force') === true }));
}

/** What was changed in a unit can only be taken back where systemd has that unit. */
function undoFile({ config }: LocalEngine, options: { now: Date; force: boolean }): UndoneDaemonConfig {
  if (readUndo(config, options).file !== undefined) return undoDaemonConfig(config, options);
  const message = `the newest change that ${config} has a record of is one of the unit that starts its engine, and no systemd runs that engine here`;
  throw new MtlsError('HOST_NO_SYSTEMD', message, {
    hint: 'undo it where the engine runs; or remove the newest .undo.json beside the file to give it up',
  });
}

async function undoOnHost(
  args: Args,
  io: Io,
  { host, engine }: { readonly host: ThisHost; readonly engine: LocalEngine },
): Promise<Report> {
  const { code } = host;
  const { config } = engine;
  return withLock(host, io, async () => {
    const recovered = await recover(host, config, io);
    if (recovered !== undefined) return { json: { recovered }, text: `${recovered}\n` };
    const force = args.flag('force') === true;
    const change = code.undoChange(await host.reread(), { config, now: io.now(), force });
    if (args.flag('apply') !== true)
      return undoneReport(await code.changeFiles(change), `next: ${restartWords(engine)}\n`);
    const quorum = { flag: '--force', isGiven: force };
    const { written, stopped } = await code.changeEngine(change, changeTools({ prove: enough, quorum }, io));
    return undoneReport(written, `The engine was restarted, and answers\n${stoppedText(stopped)}`);
  });
}

/** That it answers on its local socket is asked already, and who else it served before is not ours to say. */
async function enough(): Promise<Verdict> {
  return { ok: true, why: '' };
}

type Undone = UndoneDaemonConfig & { readonly dropIn?: DropInPlan };

function undoneReport({ dropIn, ...undone }: Undone, then = ''): Report {
  const isOther = dropIn !== undefined && dropIn.before !== dropIn.after;
  const removed = isOther && dropIn.after === undefined ? dropIn.path : undefined;
  const restored =
    isOther && dropIn.after !== undefined ? `Put ${dropIn.path} back as it was before the change\n` : '';
  const kept = undone.setAside === undefined ? '' : `  what it said is kept in ${undone.setAside}\n`;
  const gone = removed === undefined ? '' : `Removed ${removed}\n`;
  return {
    json: { ...undone, removed },
    text: `${TITLES[undone.outcome](undone.path)}\n${kept}${gone}${restored}${then}`,
  };
}

const TITLES = {
  restored: (path: string) => `Put ${path} back as it was before the change`,
  removed: (path: string) => `Removed ${path}: there was none before the change`,
  untouched: (path: string) => `${path} stays as it is: the change was one of the unit alone`,
  already: (path: string) => `${path} is already as it was before the change`,
} as const;
