import path from 'node:path';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { bundleFileName } from '../../client/write-bundle.ts';
import { UsageError } from '../../command-line/usage-error.ts';

/** Refuses options that do not fit: the report's own stream, or one file name for several clients. */
export function checkBundleWords(args: Args, { several }: { readonly several: boolean }): void {
  const output = args.text('output');
  if (output === '-')
    throw new UsageError(
      'stdout carries the report, so the bundle cannot be written to it',
      'omit -o -; docker-mtls bundle NAME -o - writes a bundle to stdout',
    );
  if (!several || (output === undefined && args.text('layout') !== 'pwd')) return;
  const word = output === undefined ? '--layout pwd' : '-o';
  throw new UsageError(
    `${word} names one file, and there are several clients`,
    `omit ${word}: each client gets a NAME.tar.gz; docker-mtls bundle NAME packs them otherwise`,
  );
}

type Client = { readonly args: Args; readonly io: Io; readonly name: string };

export type ClientBundlePlace = {
  readonly file: string;
  /** undefined: the folder that knows its engine. */
  readonly layout: FlatLayout | undefined;
  /** Did the command line name the file? Then another file there is an error, else it is only reported. */
  readonly isNamed: boolean;
};

/** Where a client's archive goes. With several clients, each has its own. */
export function bundlePlace({ args, io, name }: Client): ClientBundlePlace {
  const layout = args.text('layout') as FlatLayout | undefined;
  const output = args.text('output');
  const named = output ?? bundleFileName(name, layout ?? 'flat');
  return { file: path.resolve(io.cwd, named), layout, isNamed: output !== undefined };
}
