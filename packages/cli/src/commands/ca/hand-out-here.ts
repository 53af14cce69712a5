import type { CliSession } from '../../ca/session.ts';
import type { Report } from '../../command-line/command.ts';
import { nameList } from '../../pair/name-list.ts';
import { refreshDependents, refreshedLine } from '../../pair/refresh-copies.ts';

/** Gives the `ca.pem` that has changed to all copies of clients' pairs that are known here, and adds them to the report. */
export async function handOutHere(session: CliSession, report: Report): Promise<Report> {
  const clients = nameList();
  clients.add((await session.reader.entries({ kind: 'client' })).map(({ name }) => name));
  const dependents = await refreshDependents(session, clients);
  const refreshed = dependents.filter((each) => each.refreshed);
  return {
    ...report,
    json: { ...report.json, dependents },
    text: `${report.text}${refreshed.map(refreshedLine).join('')}`,
  };
}
