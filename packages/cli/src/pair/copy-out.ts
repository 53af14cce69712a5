import path from 'node:path';
import { checkCopy, copyPair } from '@docker-mtls/secure/pair';
import type { OutLayout, OutPair, PairToCopy } from '@docker-mtls/secure/pair';
import type { Args } from '../command-line/args.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';

export type CopiedOut = { readonly json: Record<string, unknown>; readonly text: string };

/** Copies a pair into the folder that `--out` names, for the engine or the person that reads it there. */
export function copyOut(args: Args, io: Io, pair: PairToCopy): CopiedOut {
  const folder = outFolder(args, io);
  if (folder === undefined) return copiedOut(folder);
  const { note } = callerOf(io);
  copyPair(folder, pair, { force: args.flag('force') === true, now: io.now(), note });
  return copiedOut(folder);
}

/** What a report says of it. */
export function copiedOut(folder: string | undefined): CopiedOut {
  return folder === undefined
    ? { json: {}, text: '' }
    : { json: { out: folder }, text: `  copied to ${folder}\n` };
}

/** Throws, before anything is issued, what copying would throw afterwards: `OUT_EXISTS`, `FILE_…`. */
export function checkOut(args: Args, io: Io, pair: OutPair): void {
  const folder = outFolder(args, io);
  if (folder !== undefined) checkCopy(folder, pair);
}

/** Throws a `UsageError` for a layout of nothing. */
export function outLayout(args: Args): OutLayout {
  const layout = args.text('layout') as OutLayout | undefined;
  if (layout !== undefined && args.text('out') === undefined)
    throw new UsageError('--layout says how the folder of --out is laid out', 'add --out DIR');
  return layout ?? 'flat';
}

export function outFolder(args: Args, io: Io): string | undefined {
  const out = args.text('out');
  return out === undefined ? undefined : path.resolve(io.cwd, out);
}
