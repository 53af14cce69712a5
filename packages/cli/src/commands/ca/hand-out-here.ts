import type { CliSession } from '../../ca/session.ts';
import type { Report } from '../../command-line/command.ts';
import { refreshDependents, refreshedLine } from '../../pair/refresh-copies.ts';

/** Gives the `ca.pem` that has changed to all copies of clients' pairs that are known here, and adds them to the report. */
export async function handOutHere(session: CliSession, report: Report): Promise<Report> {
  const clients = await session.reader.entries({ kind: 'client' });
  const dependents = await refreshDependents(
    session,
    clients.map(({ name }) => name),
  );
  const refreshed = dependents.filter((each) => each.refreshed);
  return {
    ...report,
    json: { ...report.json, dependents },
    text: `${report.text}${refreshed.map(refreshedLine).join('')}`,
  };
}
