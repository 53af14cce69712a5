import { parseContextName } from '@docker-mtls/bundle';
import { installContext, planContext } from '@docker-mtls/context';
import type { ContextPlan, InstalledContext } from '@docker-mtls/context';
import { checkSsh, parseSshHost } from '@docker-mtls/ssh';
import type { SshCheck, SshHost } from '@docker-mtls/ssh';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { contextUsage } from '../../client/context-usage.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import { problemText } from '../../printing/problem-text.ts';
import { shellWord } from '@docker-mtls/errors';

/** Tries what `docker -H ssh://` does, and makes a context of it when asked to. Exit code 3 when it does not work. */
export async function run(args: Args, io: Io): Promise<Report> {
  const host = parseSshHost(args.text('host') ?? '');
  const plan = contextPlan(args, io, host);
  const check = await checkSsh(host, { env: io.env, note: io.progress });
  const { works, engine } = check;
  const problems = withNumbers('ssh', check.problems, ({ problem }) => problem);
  const json = { host: host.url, works, problems, engine };
  if (!check.works) return { json, text: verdict(host, check), exitCode: 3 };
  const context = plan && installContext(dockerFolder(io), plan);
  const next = context === undefined ? usage(host) : made(context, io);
  return { json: { ...json, context }, text: verdict(host, check) + next };
}

/** A name that is somebody else's is refused before anything is tried. */
function contextPlan(args: Args, io: Io, { url }: SshHost): ContextPlan | undefined {
  const text = args.text('context');
  if (text === undefined) return undefined;
  const wanted = { name: parseContextName(text), description: '', host: url };
  const hint = 'choose another name, or docker-mtls context remove that one first';
  return planContext(dockerFolder(io), wanted, { force: false, hint });
}

function verdict({ url }: SshHost, { problems, engine }: SshCheck): string {
  const works =
    engine === undefined
      ? ''
      : `${url}: works: engine ${engine.version} (API ${engine.apiVersion}) answers the docker command here\n`;
  return works + problems.map((problem) => problemText(url, problem)).join('');
}

function usage({ url }: SshHost): string {
  return `  one command    docker -H ${shellWord(url)} container ls
  a context      docker-mtls ssh check ${shellWord(url)} --context NAME
`;
}

function made({ name, action }: InstalledContext, io: Io): string {
  const what = action === 'made' ? 'Made' : 'There already is';
  return `${what} the context ${name}\n${contextUsage(name, io)}`;
}
