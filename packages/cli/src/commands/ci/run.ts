import path from 'node:path';
import { DEFAULT_OUT, exportCredentials, exportSecret } from '@docker-mtls/ci';
import type { CiOrder } from '@docker-mtls/ci';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { ciOrderOf } from './order.ts';
import { exportReport } from './report.ts';

/** Writes a client's credentials as an automation server keeps them, and a pipeline that uses them. */
export function run(args: Args, io: Io): Promise<Report> {
  const order = ciOrderOf(args);
  const named = args.text('out') ?? DEFAULT_OUT;
  if (named === '-') checkPrintable(args, order);
  return withCliSession(args, io, async (session) => {
    if (named === '-') return { json: {}, text: '', bytes: Buffer.from(await exportSecret(session, order)) };
    const out = path.resolve(io.cwd, named);
    return exportReport({ order, out, ...(await exportCredentials(out, session, order)), now: io.now() });
  });
}

function checkPrintable(args: Args, { target }: CiOrder): void {
  if (target !== 'github')
    throw new UsageError('--out - is for github alone', 'the other servers keep several files');
  if (args.flag('json') === true)
    throw new UsageError('--out - and --json both want stdout', 'leave one out');
}
