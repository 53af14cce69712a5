import path from 'node:path';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { bundleFileName } from '../../client/write-bundle.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** Refuses words that no archive could be put by: where the report goes, or one name for several. */
export function checkBundleWords(args: Args, { several }: { readonly several: boolean }): void {
  const output = args.text('output');
  if (output === '-')
    throw new UsageError(
      'what secure did is told on stdout, so the bundle cannot go there',
      'leave -o - away; docker-mtls bundle NAME -o - prints one',
    );
  if (!several || (output === undefined && args.text('layout') !== 'pwd')) return;
  const word = output === undefined ? '--layout pwd' : '-o';
  throw new UsageError(
    `${word} is one file name, and there are several clients`,
    `leave ${word} away: each gets a NAME.tar.gz; docker-mtls bundle NAME packs them otherwise`,
  );
}

type Client = { readonly args: Args; readonly io: Io; readonly name: string };

/** Where a client's archive goes. With several clients, each has its own. */
export function bundlePlace({ args, io, name }: Client): {
  readonly file: string;
  readonly layout: FlatLayout;
} {
  const layout = (args.text('layout') ?? 'flat') as FlatLayout;
  const named = args.text('output') ?? bundleFileName(name, layout);
  return { file: path.resolve(io.cwd, named), layout };
}
