import type { CiOrder, CredentialSet, Exported } from '@docker-mtls/ci';
import type { Report } from '../../command-line/command.ts';
import { distance, facts, moment } from '@docker-mtls/text';

type ExportReport = Exported & { readonly order: CiOrder; readonly out: string; readonly now: Date };

const SERVERS = { jenkins: 'Jenkins', github: 'GitHub Actions', gitlab: 'GitLab' } as const;

export function exportReport(exported: ExportReport): Report {
  const { order, out, pair, sets, pipeline } = exported;
  const json = {
    name: order.name,
    for: order.target,
    serial: pair.entry.serial,
    notAfter: pair.entry.notAfter.toISOString(),
    issued: pair.issued,
    out,
    credentials: sets.map(({ engine, folder, files }) => ({
      environment: engine?.environment,
      engine: engine?.url,
      directory: folder,
      files,
    })),
    pipeline,
  };
  return { json, text: exportText(exported) };
}

function exportText({ order, pair, sets, pipeline, now }: ExportReport): string {
  const { notAfter } = pair.entry;
  const rows: (readonly [string, string])[] = [
    ['valid until', `${moment(notAfter)} (${distance(notAfter, now)}${pair.issued ? ', issued now' : ''})`],
    ...sets.map(
      ({ engine, folder }) => [engine?.environment ?? 'credentials', `${folder} (see README.md)`] as const,
    ),
    ['pipeline', pipeline.directory],
    ...(pipeline.kept.length === 0
      ? []
      : [['kept as it is', `${pipeline.kept.join(', ')} (--force replaces)`] as const]),
  ];
  return `Exported ${order.name} for ${SERVERS[order.target]}\n${facts(rows)}${sharedNote(sets)}`;
}

/** What leaks from one environment should open no other. */
function sharedNote(sets: readonly CredentialSet[]): string {
  if (sets.length < 2) return '';
  return 'Several environments share this identity: one client for each keeps production apart.\n';
}
