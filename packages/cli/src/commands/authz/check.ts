import path from 'node:path';
import { pluginFindings } from '@docker-mtls/engine/authorization';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import { findingText } from '../../printing/problem-text.ts';

const ANSWERED_NO = 3;
const ENGINE_SOCKET = '/run/docker.sock';

/** What the plugin cannot control on this machine. */
export async function checkAuthzAction(args: Args, io: Io): Promise<Report> {
  const named = args.text('engine');
  const socket = named === undefined ? ENGINE_SOCKET : path.resolve(io.cwd, named);
  const found = await pluginFindings(socket, io.now());
  const findings = withNumbers('authorization', found, ({ id }) => id);
  const isBroken = findings.some(({ severity }) => severity === 'error');
  const lines = findings.map(({ finding, ...problem }) => findingText(finding ?? '', problem));
  return {
    json: { decides: !isBroken, findings },
    text: lines.length === 0 ? 'The plugin decides about every request.\n' : lines.join(''),
    ...(isBroken && { exitCode: ANSWERED_NO }),
  };
}
