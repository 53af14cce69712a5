import type { UndoneDaemonConfig } from '@docker-mtls/daemon-config';
import { restartWords } from '@docker-mtls/engine';
import { planEngineUndo, undoEngine } from '@docker-mtls/engine/undo';
import type { UndoOrder, UndoOutcome, UndoPlan } from '@docker-mtls/engine/undo';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { afterwardsText } from '../../engine/daemon-report.ts';
import { engineCallerOf, engineOf, swarmOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';

/** Takes the newest change back, with `--apply` in the running engine too. */
export async function undo(args: Args, io: Io): Promise<Report> {
  const order: UndoOrder = { engine: engineOf(args, io), force: args.flag('force') === true };
  if (args.flag('dry-run') === true) return plannedReport(await planEngineUndo(order));
  const restart = args.flag('apply') === true ? swarmOf(args) : undefined;
  const outcome = await undoEngine(order, engineCallerOf(io), restart);
  if (outcome.kind === 'undone') return undoneReport(order, outcome, restart !== undefined);
  const { message, isActive } = outcome;
  const state = isActive ? 'the engine is running' : 'the engine is not running';
  return { json: { recovered: message, running: isActive }, text: `${message}; ${state}\n` };
}

function plannedReport({ config, outcome, dropIn, diff }: UndoPlan): Report {
  const shown = diff === '' ? 'nothing would change\n' : `${diff}nothing was written\n`;
  return {
    json: { path: config, outcome, ...removedJson(dropIn), diff, written: false },
    text: `${PLANS[outcome](config)}\n${shown}`,
  };
}

function undoneReport(
  { engine }: UndoOrder,
  { plan: { dropIn }, done, applied }: Extract<UndoOutcome, { kind: 'undone' }>,
  wasToRestart: boolean,
): Report {
  const kept = done.setAside === undefined ? '' : `  the file as it was: ${done.setAside}\n`;
  const unit =
    dropIn === undefined
      ? ''
      : dropIn.after === undefined
        ? `Removed ${dropIn.path}\n`
        : `Put ${dropIn.path} back as it was before the change\n`;
  const then =
    applied !== undefined
      ? `The engine was restarted, and answers\n${afterwardsText(applied)}`
      : wasToRestart
        ? 'Nothing was restarted: there is no docker.service on this machine any more\n'
        : `next: ${restartWords(engine)}\n`;
  return {
    json: { ...done, ...removedJson(dropIn), ...(applied && { applied }) },
    text: `${TITLES[done.outcome](done.path)}\n${kept}${unit}${then}`,
  };
}

function removedJson(dropIn: UndoPlan['dropIn']): { readonly removed: string | undefined } {
  return { removed: dropIn !== undefined && dropIn.after === undefined ? dropIn.path : undefined };
}

type Titles = Readonly<Record<UndoneDaemonConfig['outcome'], (path: string) => string>>;

const TITLES: Titles = {
  restored: (path) => `Put ${path} back as it was before the change`,
  removed: (path) => `Removed ${path}: there was none before the change`,
  untouched: (path) => `${path} stays as it is: the change was one of the unit alone`,
  already: (path) => `${path} is already as it was before the change`,
};

const PLANS: Titles = {
  restored: (path) => `${path} would be put back as it was before the change`,
  removed: (path) => `${path} would be removed: there was none before the change`,
  untouched: (path) => `${path} would stay as it is: the change was one of the unit alone`,
  already: TITLES.already,
};
