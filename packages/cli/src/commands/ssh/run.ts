import { parseContextName } from '@docker-mtls/bundle';
import { checkSsh, parseSshHost } from '@docker-mtls/ssh';
import type { SshCheck, SshHost } from '@docker-mtls/ssh';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { contextUsage } from '../../context-usage.ts';
import { dockerFolder, installContext, planContext } from '../../docker-contexts.ts';
import type { ContextPlan, InstalledContext } from '../../docker-contexts.ts';
import type { Io } from '../../io.ts';
import { problemText } from '../../problem-text.ts';

/** Tries what `docker -H ssh://` does, and makes a context of it when asked to. Exit code 3 when it does not work. */
export async function run(args: Args, io: Io): Promise<Report> {
  const host = parseSshHost(args.text('host') ?? '');
  const plan = contextPlan(args, io, host);
  const check = await checkSsh(host, { env: io.env, note: io.progress });
  if (!check.works) return { ...report(host, check), exitCode: 3 };
  return report(host, check, plan && installContext(dockerFolder(io), plan));
}

/** A name that is somebody else's is refused before anything is tried. */
function contextPlan(args: Args, io: Io, { url }: SshHost): ContextPlan | undefined {
  const text = args.text('context');
  if (text === undefined) return undefined;
  const wanted = { name: parseContextName(text), description: '', host: url, tls: {} };
  const hint = 'choose another name, or docker-mtls context remove that one first';
  return planContext(dockerFolder(io), wanted, { force: false, hint });
}

function report({ url }: SshHost, check: SshCheck, context?: InstalledContext): Report {
  const { works, problems, engine } = check;
  const lines = [
    ...(engine === undefined
      ? []
      : [
          `${url}: works: engine ${engine.version} (API ${engine.apiVersion}) answers the docker command here\n`,
        ]),
    ...problems.map((problem) => problemText(url, problem)),
    ...(works ? [context === undefined ? usage(url) : made(context)] : []),
  ];
  return { json: { host: url, works, engine, problems, context }, text: lines.join('') };
}

function usage(url: string): string {
  return `  one command    docker -H ${url} container ls
  a context      docker-mtls ssh check ${url} --context NAME
`;
}

function made({ name, action }: InstalledContext): string {
  const what = action === 'made' ? 'Made' : 'There already is';
  return `${what} the context ${name}\n${contextUsage(name)}`;
}
