import type { Args } from '../../command-line/args.ts';
import { caDirectory } from '../../ca/ca-directory.ts';
import type { Report } from '../../command-line/command.ts';
import { orderedListens } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { applySecure } from './apply.ts';
import { checkBundleWords } from './bundle-place.ts';
import { preflight } from './preflight.ts';
import { previewSecure } from './preview.ts';
import { servedName } from './served-name.ts';
import { wantedOf } from './wanted.ts';

/** The whole exercise: whatever of CA, server, client, daemon.json and bundle is missing, and the proof. */
export async function run(args: Args, io: Io): Promise<Report> {
  const directory = caDirectory(args, io);
  const wanted = wantedOf(args, io, await servedName(args, io, directory));
  checkBundleWords(args, { several: wanted.clients.length > 1 });
  const order = { args, io, directory, wanted, listen: await orderedListens(args, io) };
  await preflight(order);
  return args.flag('dry-run') === true ? previewSecure(order) : applySecure(order);
}
