import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { checkAction } from './check.ts';
import { createAction } from './create.ts';
import { listAction } from './list.ts';
import { removeAction } from './remove.ts';
import { updateAction } from './update.ts';
import { useAction } from './use.ts';

type Action = {
  readonly run: (args: Args, io: Io) => Promise<Report>;
  readonly options: readonly string[];
};

const ACTIONS: Readonly<Record<string, Action>> = {
  create: { run: createAction, options: ['client', 'for', 'description'] },
  update: { run: updateAction, options: ['client', 'for', 'description', 'force'] },
  list: { run: listAction, options: [] },
  remove: { run: removeAction, options: ['force'] },
  check: { run: checkAction, options: ['within'] },
  use: { run: useAction, options: [] },
};

const ALL_OPTIONS = [...new Set(Object.values(ACTIONS).flatMap(({ options }) => options))];

/** Does to Docker's contexts what `docker context` does, and what it cannot: refresh and check. */
export async function run(args: Args, io: Io): Promise<Report> {
  const name = args.text('action') ?? '';
  const action = ACTIONS[name];
  if (action === undefined) throw new Error(`the action ${name} was let through`);
  const stranger = ALL_OPTIONS.find((option) => !action.options.includes(option) && isGiven(args, option));
  if (stranger !== undefined)
    throw new UsageError(`--${stranger} is not for context ${name}`, 'docker-mtls context --help');
  return action.run(args, io);
}

function isGiven(args: Args, option: string): boolean {
  return option === 'force' ? args.flag(option) === true : args.text(option) !== undefined;
}
