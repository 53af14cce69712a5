import type { CommandSpec } from '../command-line/command.ts';
import { audit } from './audit/command.ts';
import { authz } from './authz/command.ts';
import { bundle } from './bundle/command.ts';
import { ca } from './ca/command.ts';
import { check } from './check/command.ts';
import { ci } from './ci/command.ts';
import { completion } from './completion/command.ts';
import { container } from './container/command.ts';
import { context } from './context/command.ts';
import { crl } from './crl/command.ts';
import { daemonConfig } from './daemon-config/command.ts';
import { doctor } from './doctor/command.ts';
import { env } from './env/command.ts';
import { exec } from './exec/command.ts';
import { initCa } from './init-ca/command.ts';
import { issueClient } from './issue-client/command.ts';
import { issueServer } from './issue-server/command.ts';
import { list } from './list/command.ts';
import { plugin } from './plugin/command.ts';
import { policy } from './policy/command.ts';
import { renewCommand } from './renew/command.ts';
import { request } from './request/command.ts';
import { revokeCommand } from './revoke/command.ts';
import { secure } from './secure/command.ts';
import { show } from './show/command.ts';
import { ssh } from './ssh/command.ts';
import { statusCommand } from './status/command.ts';
import { unbundle } from './unbundle/command.ts';

/** Commands as the help shows them, each group in the order in which a newcomer needs it. */
export const COMMAND_GROUPS: readonly {
  readonly title: string;
  readonly commands: readonly CommandSpec[];
}[] = [
  {
    title: 'CA',
    commands: [
      initCa,
      issueServer,
      issueClient,
      bundle,
      ci,
      statusCommand,
      list,
      show,
      renewCommand,
      revokeCommand,
      crl,
      ca,
    ],
  },
  { title: 'Engine', commands: [secure, check, doctor, daemonConfig, authz, policy, audit, container] },
  { title: 'Client', commands: [unbundle, request, env, exec, context, ssh] },
  { title: 'More', commands: [completion, plugin] },
];

export const COMMANDS: readonly CommandSpec[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);

/** What users of other tools type, and what does it here. */
export const OTHER_WORDS: Readonly<Record<string, string>> = {
  add: 'issue-client',
  backup: 'ca backup',
  cert: 'show',
  certs: 'list',
  create: 'issue-client',
  delete: 'context remove',
  describe: 'show',
  extract: 'unbundle',
  info: 'status',
  init: 'init-ca',
  inspect: 'show',
  install: 'secure',
  log: 'ca log',
  logs: 'ca log',
  ls: 'list',
  pack: 'bundle',
  proof: 'check',
  prove: 'check',
  remove: 'context remove',
  restore: 'daemon-config undo',
  revert: 'daemon-config undo',
  repair: 'ca repair',
  rm: 'context remove',
  rollback: 'daemon-config undo',
  rotate: 'ca rotate',
  run: 'exec',
  setup: 'secure',
  sign: 'issue-client',
  test: 'check',
  undo: 'daemon-config undo',
  unpack: 'unbundle',
  verify: 'check',
};
