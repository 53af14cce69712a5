import path from 'node:path';
import { parseClientName } from '@docker-mtls/ca';
import type { FlatLayout } from '@docker-mtls/bundle';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { hasKey, requireCurrent } from '../../current-entry.ts';
import type { Io } from '../../io.ts';
import { withSession } from '../../session.ts';
import { UsageError } from '../../usage-error.ts';
import { facts, moment, shellWord } from '../../words.ts';
import { bundleFileName, packClient, writeBundle } from '../../write-bundle.ts';

/** Packs a client's files into an archive to hand over. */
export function run(args: Args, io: Io): Promise<Report> {
  const name = parseClientName(args.text('name') ?? '');
  const layout = (args.text('layout') ?? 'docker') as FlatLayout;
  const output = args.text('output') ?? bundleFileName(name, layout);
  if (output === '-' && args.flag('json') === true)
    throw new UsageError('-o - and --json both want stdout', 'leave one out');
  return withSession(args, io, async ({ reader }) => {
    const client = requireCurrent(reader, 'client', name);
    const bytes = packClient(client, layout);
    if (output === '-') return { json: {}, text: '', bytes };
    const file = path.resolve(io.cwd, output);
    const written = writeBundle(file, bytes, () => args.flag('force') === true);
    const json = {
      file,
      bytes: bytes.length,
      layout,
      written,
      name,
      serial: client.serial,
      withKey: hasKey(client),
    };
    return { json, text: describeBundle(json, client.notAfter) };
  });
}

type Packed = {
  readonly file: string;
  readonly name: string;
  readonly layout: string;
  readonly written: boolean;
  readonly withKey: boolean;
};

function describeBundle({ file, name, layout, written, withKey }: Packed, until: Date): string {
  const title = written ? `Packed ${name}'s files into ${file}` : `${file} already holds ${name}'s files`;
  const rows = facts([
    ['valid until', moment(until)],
    [
      'holds',
      withKey
        ? 'the CA certificate, the certificate and its private key'
        : 'certificates only: the key is where it was made',
    ],
    ['unpack with', unpacking(file, layout)],
  ]);
  const warning = withKey
    ? 'Whoever has this file is root on the engines that trust it: hand it over in private.\n'
    : '';
  return `${title}\n${rows}${warning}`;
}

function unpacking(file: string, layout: string): string {
  const folder = layout === 'pwd' ? '/tmp/pwd-certs' : '~/.docker/engine';
  return `mkdir -p -m 700 ${folder} && tar -xzf ${shellWord(file)} -C ${folder}`;
}
