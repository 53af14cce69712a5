import type { CommandSpec } from '../command-line/command.ts';
import { bundle } from './bundle/command.ts';
import { ci } from './ci/command.ts';
import { completion } from './completion/command.ts';
import { container } from './container/command.ts';
import { context } from './context/command.ts';
import { daemonConfig } from './daemon-config/command.ts';
import { env } from './env/command.ts';
import { exec } from './exec/command.ts';
import { initCa } from './init-ca/command.ts';
import { issueClient } from './issue-client/command.ts';
import { issueServer } from './issue-server/command.ts';
import { list } from './list/command.ts';
import { request } from './request/command.ts';
import { secure } from './secure/command.ts';
import { show } from './show/command.ts';
import { ssh } from './ssh/command.ts';
import { unbundle } from './unbundle/command.ts';

/** Every command, in the order in which a newcomer needs them. */
export const COMMANDS: readonly CommandSpec[] = [
  secure,
  initCa,
  issueServer,
  issueClient,
  daemonConfig,
  bundle,
  request,
  unbundle,
  env,
  exec,
  context,
  ssh,
  ci,
  container,
  list,
  show,
  completion,
];
