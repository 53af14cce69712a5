import type { Args } from '../../args.ts';
import { caDirectory } from '../../ca-directory.ts';
import type { Report } from '../../command.ts';
import type { Io } from '../../io.ts';
import { applySecure } from './apply.ts';
import { preflight } from './preflight.ts';
import { previewSecure } from './preview.ts';
import { wantedOf } from './wanted.ts';

/** The whole exercise: whatever of CA, server, client, daemon.json and bundle is missing, and the proof. */
export async function run(args: Args, io: Io): Promise<Report> {
  const wanted = wantedOf(args, io);
  const directory = caDirectory(args, io);
  const order = { args, io, directory, wanted };
  await preflight(order);
  return args.flag('dry-run') === true ? previewSecure(order) : applySecure(order);
}
