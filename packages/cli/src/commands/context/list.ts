import type { DockerContext } from '@docker-mtls/bundle';
import { escapeUnprintable } from '@docker-mtls/errors';
import { currentContext, hostOverride, listContexts, readClientCertificate } from '@docker-mtls/context';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { problemText } from '../../printing/problem-text.ts';
import { distance, moment, table } from '@docker-mtls/text';

type Row = {
  readonly name: string;
  readonly host: string;
  readonly client: string | undefined;
  readonly notAfter: string | undefined;
  readonly current: boolean;
};

/** Docker's contexts with what Docker does not show: whose certificate it is, and until when. */
export async function listContextsAction(_: Args, io: Io): Promise<Report> {
  const directory = dockerFolder(io);
  const { contexts, unreadable } = listContexts(directory);
  const override = hostOverride(io.env);
  const current = override === undefined ? io.env['DOCKER_CONTEXT'] || currentContext(directory) : undefined;
  const rows = contexts.map((context) => rowOf(context, current));
  const bad = unreadable.map(({ file, reason }) => `unreadable: ${file}: ${reason}\n`);
  const problems = override === undefined ? [] : [override];
  const warnings = problems.map((problem) => problemText('here', problem));
  return {
    json: { contexts: rows, unreadable, problems },
    text: [contextTable(rows, io.now()), ...bad.map(printLine), ...warnings].join(''),
  };
}

function rowOf(context: DockerContext, current: string | undefined): Row {
  const info = readClientCertificate(context.tls)?.info;
  return {
    name: context.name,
    host: context.host,
    client: info?.subject.commonName,
    notAfter: info?.notAfter.toISOString(),
    current: context.name === current,
  };
}

function contextTable(rows: readonly Row[], now: Date): string {
  if (rows.length === 0) return 'There are no contexts\n';
  return table([
    ['', 'CONTEXT', 'ENGINE', 'CLIENT', 'VALID UNTIL'],
    ...rows.map(({ name, host, client = '-', notAfter, current }) => [
      current ? '*' : '',
      ...[name, host, client].map(escapeUnprintable),
      notAfter === undefined ? '-' : until(new Date(notAfter), now),
    ]),
  ]);
}

function until(notAfter: Date, now: Date): string {
  return `${moment(notAfter)} (${notAfter <= now ? 'expired ' : ''}${distance(notAfter, now)})`;
}

function printLine(line: string): string {
  return `${escapeUnprintable(line.trimEnd())}\n`;
}
