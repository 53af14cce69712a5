import { hasCa } from '@docker-mtls/authority';
import { parseLifetime } from '@docker-mtls/ca';
import type { DockerContext } from '@docker-mtls/bundle';
import {
  askThroughContext,
  checkContext,
  currentContext,
  isOfOtherCa,
  isSshHost,
  newerEntry,
  readContext,
} from '@docker-mtls/context';
import type { ContextProblem } from '@docker-mtls/context';
import { checkSsh, parseSshHost } from '@docker-mtls/ssh';
import type { SshProblem } from '@docker-mtls/ssh';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { caDirectory } from '../../ca/ca-directory.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { withNumbers } from '../../printing/finding-number.ts';
import { problemText } from '../../printing/problem-text.ts';
import type { Problem } from '../../printing/problem-text.ts';
import { withCliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { moment } from '@docker-mtls/text';

/** Its ca.pem says which engine the client trusts, not which clients the engine does. */
const OTHER_CA =
  'its client certificate is of another CA than those in its ca.pem: only the engine knows if it takes it';

/** Why a context would not work in this terminal: its engine is asked too. Exit code 3 when there is a reason. */
export async function checkContextAction(args: Args, io: Io): Promise<Report> {
  const directory = dockerFolder(io);
  const name = args.text('context') ?? (io.env['DOCKER_CONTEXT'] || currentContext(directory));
  if (name === undefined || name === 'default')
    throw new UsageError('no context is in use, and none is named', 'docker-mtls context list shows them');
  const text = args.text('within');
  const within = text === undefined ? undefined : parseLifetime({ ttl: text });
  const context = readContext(directory, name);
  const seen = checkContext(context, { now: io.now(), env: io.env, within });
  const answer = isSshHost(context.host) ? { problems: [] } : await askThroughContext(context, seen);
  const problems = [
    ...seen,
    ...('problems' in answer ? answer.problems : []),
    ...(await replacedProblems(context, args, io)),
    ...(await sshProblems(context, seen, io)),
  ];
  const isServed = !isSshHost(context.host) && 'problems' in answer && answer.problems.length === 0;
  const unknown = [
    ...('notAsked' in answer ? [answer.notAsked] : []),
    ...(!isServed && isOfOtherCa(context, io.now()) ? [OTHER_CA] : []),
  ];
  const json = { context: name, problems: numbered(problems), unknown, served: isServed };
  const notes = unknown.map((note) => `${name}: ${note}\n`).join('');
  if (problems.length === 0) {
    const good = isServed ? 'its engine answers, and nothing is wrong' : 'nothing is wrong with it here';
    return { json, text: `${name}: ${good}\n${notes}` };
  }
  const said = problems.map((problem) => problemText(name, problem)).join('');
  return { json, text: `${said}${notes}`, exitCode: 3 };
}

/** The problems of the engine over SSH are those of `ssh check`. */
function numbered(problems: readonly (Problem & { readonly problem: string })[]): readonly Problem[] {
  return problems.map((each) => {
    const [own = each] = withNumbers('contexts', [each], wordOf);
    return 'finding' in own ? own : (withNumbers('ssh', [each], wordOf)[0] ?? each);
  });
}

function wordOf({ problem }: { readonly problem: string }): string {
  return problem;
}

type Replaced = Problem & { readonly problem: 'certificate-replaced' };

/** Where the CA is, it is known that the client has a newer certificate; a laptop cannot know. */
async function replacedProblems(context: DockerContext, args: Args, io: Io): Promise<readonly Replaced[]> {
  if (context.tls.certificate === undefined || !(await hasCa(caDirectory(args, io)))) return [];
  const newer = await withCliSession(args, io, async ({ reader }) => newerEntry(reader, context));
  if (newer === undefined) return [];
  const message = `${newer.name} was issued a newer certificate, valid until ${moment(newer.notAfter)}`;
  const hint = `docker-mtls context update ${context.name}`;
  return [{ problem: 'certificate-replaced', severity: 'warning', message, hint }];
}

/** An engine over SSH is asked, as `ssh check` asks it: what keeps it from answering cannot be seen from here. */
async function sshProblems(
  { host }: DockerContext,
  seen: readonly ContextProblem[],
  io: Io,
): Promise<readonly SshProblem[]> {
  if (!isSshHost(host) || seen.some(({ problem }) => problem === 'host-unusable')) return [];
  const { problems } = await checkSsh(parseSshHost(host), { env: io.env, note: io.progress });
  return problems;
}
