import path from 'node:path';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import { bundleFileName } from '../../client/write-bundle.ts';

type Client = { readonly args: Args; readonly io: Io; readonly name: string; readonly several: boolean };

/** Where a client's archive goes. With several clients, each has its own: one name would not do. */
export function bundlePlace({ args, io, name, several }: Client): {
  readonly file: string;
  readonly layout: FlatLayout;
} {
  const layout = (args.text('layout') ?? 'flat') as FlatLayout;
  const named = several ? undefined : args.text('output');
  return { file: path.resolve(io.cwd, named ?? bundleFileName(name, layout)), layout };
}
