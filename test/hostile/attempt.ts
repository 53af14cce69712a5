import type { Finished } from '../support/run.ts';
import { listing } from './listing.ts';
import type { Row } from './row.ts';
import { withMounts } from './with-mounts.ts';
import { runIn } from './work-folder.ts';

/** What came of a row. */
export type Attempt = {
  readonly json: Finished;
  /** The same for a person; once for each error code, for both are made of one error. */
  readonly text?: Finished;
  /** What was in the work folder. */
  readonly before: readonly string[];
  readonly after: readonly string[];
};

/** Processes at a time. */
const HANDS = 3;

/** Tries all rows, each in a work folder of its own. A row that hangs or cannot be set up fails alone. */
export async function attemptAll(
  rows: readonly Row[],
  newWorkFolder: () => string,
): Promise<ReadonlyMap<Row, Attempt | Error>> {
  const attempts = new Map<Row, Attempt | Error>();
  const waiting = rows.values();
  const work = async (): Promise<void> => {
    for (const row of waiting) {
      const isFirst = rows.find(({ code, argv }) => code === row.code && !argv.includes('--json')) === row;
      attempts.set(row, await attempt(row, newWorkFolder(), isFirst).catch(asError));
    }
  };
  await Promise.all(Array.from({ length: HANDS }, work));
  return attempts;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

async function attempt(row: Row, work: string, alsoAsText: boolean): Promise<Attempt> {
  const { argv, setup, env, mounts } = row;
  const options = {
    ...(env !== undefined && { env }),
    ...(mounts !== undefined && { prefix: withMounts(work, mounts) }),
  };
  setup?.(work);
  const before = listing(work);
  const json = await runIn(work, withJson(argv), options);
  const text = alsoAsText ? { text: await runIn(work, argv, options) } : {};
  return { json, ...text, before, after: listing(work) };
}

/** What follows `--` is no option. */
function withJson(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? [...argv, '--json'] : [...argv.slice(0, end), '--json', ...argv.slice(end)];
}
