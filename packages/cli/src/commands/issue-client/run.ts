import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { commonOrder, issueAndReport } from '../../pair/issue-and-report.ts';
import { groupsOf } from '../../command-line/order.ts';
import { wantedClientsOf } from '../../pair/wanted-clients.ts';
import { shellWord } from '@docker-mtls/errors';
import { issueList } from './issue-list.ts';

/** Issues the pair that a person or a robot shows to engines, or those of a whole list. */
export async function run(args: Args, io: Io): Promise<Report> {
  const wanted = wantedClientsOf(args, io);
  return 'list' in wanted ? issueList(args, io, wanted) : issueOne(args, io, wanted.name);
}

function issueOne(args: Args, io: Io, name: string): Promise<Report> {
  return issueAndReport(args, io, {
    kind: 'client',
    name,
    groups: groupsOf(args),
    sans: [],
    ...commonOrder(args, io),
    next: nextStep(args, name),
  });
}

function nextStep(args: Args, name: string): string {
  if (args.text('layout') === 'dind') return 'mount that folder where $DOCKER_TLS_CERTDIR leads';
  const csr = args.text('csr');
  const request = csr === undefined ? '' : ` --csr ${shellWord(csr)}`;
  return nextCommand(`docker-mtls bundle ${shellWord(name)}${request} --for HOST`, args);
}
