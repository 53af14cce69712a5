import type { Args } from '../../args.ts';
import { caDirectory } from '../../ca-directory.ts';
import type { Report } from '../../command.ts';
import type { Io } from '../../io.ts';
import { applySecure } from './apply.ts';
import { previewSecure } from './preview.ts';
import { wantedOf } from './wanted.ts';

/** The whole exercise: whatever of CA, server, client, daemon.json and bundle is missing, and the proof. */
export function run(args: Args, io: Io): Promise<Report> {
  const wanted = wantedOf(args, io);
  const directory = caDirectory(args, io);
  return args.flag('dry-run') === true
    ? previewSecure({ args, io, directory, wanted })
    : applySecure({ args, io, directory, wanted });
}
