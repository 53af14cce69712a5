import path from 'node:path';
import type { CiEngine } from '@docker-mtls/ci';
import type { Report } from '../../command-line/command.ts';
import { distance, facts, moment } from '@docker-mtls/text';
import type { GoodPair } from './good-pair.ts';
import type { CiOrder } from './order.ts';
import type { WrittenPipeline } from './pipeline-folder.ts';

/** What an export has written. */
export type Exported = {
  readonly order: CiOrder;
  readonly out: string;
  readonly pair: GoodPair;
  readonly sets: readonly CredentialSet[];
  readonly pipeline: WrittenPipeline;
  readonly now: Date;
};

type CredentialSet = {
  readonly engine: CiEngine | undefined;
  readonly folder: string;
  readonly files: readonly string[];
};

const SERVERS = { jenkins: 'Jenkins', github: 'GitHub Actions', gitlab: 'GitLab' } as const;

export function exportReport(exported: Exported): Report {
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
    pipeline: { directory: path.join(out, 'pipeline'), ...pipeline },
  };
  return { json, text: exportText(exported) };
}

function exportText({ order, out, pair, sets, pipeline, now }: Exported): string {
  const { notAfter } = pair.entry;
  const rows: (readonly [string, string])[] = [
    ['valid until', `${moment(notAfter)} (${distance(notAfter, now)}${pair.issued ? ', issued now' : ''})`],
    ...sets.map(
      ({ engine, folder }) => [engine?.environment ?? 'credentials', `${folder} (see README.md)`] as const,
    ),
    ['pipeline', path.join(out, 'pipeline')],
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
