import { hasCa } from '@docker-mtls/authority';
import { parseEngineHost } from '@docker-mtls/bundle';
import { readStore } from '@docker-mtls/ca-directory';
import { currentContext, listContexts, readContext, tcpTarget } from '@docker-mtls/context';
import type { StoredContext } from '@docker-mtls/context';
import { contextCredentials } from '@docker-mtls/doctor';
import { MtlsError, quote } from '@docker-mtls/errors';
import { subjectFromClient, subjectsFromCa } from '@docker-mtls/secure/check';
import { bracketed } from '@docker-mtls/secure/proof';
import type { CheckSubject, CheckSubjects, FromClient } from '@docker-mtls/secure';
import { caDirectory } from '../../ca/ca-directory.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { engineOf } from '../../engine/engine-order.ts';
import { enginesHere } from '../../engine/engines-here.ts';
import type { Io } from '../../io/io.ts';
import { credentialsIn } from '../doctor/client-here.ts';

type NamedHost = FromClient['host'];

/**
 * Which engine is meant, and as whom it is asked: a context that was named; else a pair of the CA directory here; else the
 * files of `$DOCKER_CERT_PATH`; else a context that leads to it, or the one in use.
 */
export async function findSubjects(args: Args, io: Io): Promise<CheckSubjects> {
  const context = args.text('context');
  if (context !== undefined) return alone(await fromContext(readContext(dockerFolder(io), context), io));
  const host = hostOf(args);
  const known = await fromCa(args, io, host);
  if (known !== undefined) return known;
  return alone((await fromEnvironment(io, host)) ?? (await fromContext(contextFor(io, host), io)));
}

function alone(subject: CheckSubject): CheckSubjects {
  return { subjects: [subject], unchecked: [] };
}

function hostOf(args: Args): NamedHost | undefined {
  const text = args.text('host');
  return text === undefined ? undefined : targetOf(parseEngineHost(text).url);
}

function targetOf(url: string): NamedHost {
  const target = tcpTarget(url);
  if (target === undefined || target.path !== '')
    throw new UsageError(`${quote(url)} is not an engine behind TLS`, 'write it as node1.example.com:2376');
  return { name: target.name, port: target.port ?? 2376 };
}

async function fromCa(args: Args, io: Io, host: NamedHost | undefined): Promise<CheckSubjects | undefined> {
  const directory = caDirectory(args, io);
  if (!(await hasCa(directory))) return undefined;
  const reader = await readStore(directory);
  try {
    return await subjectsFromCa({
      reader,
      now: io.now(),
      own: io.machine().addresses,
      engine: engineOf(args, io),
      serving: await enginesHere(args, io),
      host,
    });
  } finally {
    await reader.close();
  }
}

async function fromEnvironment(io: Io, named: NamedHost | undefined): Promise<CheckSubject | undefined> {
  const folder = io.env['DOCKER_CERT_PATH'];
  const engine = io.env['DOCKER_HOST'];
  const host = named ?? (engine === undefined || engine === '' ? undefined : targetOf(engine));
  const credentials = credentialsIn(folder, io);
  if (credentials === undefined || host === undefined) return undefined;
  return subjectFromClient({ credentials, who: folder ?? '', host, now: io.now() });
}

function contextFor(io: Io, host: NamedHost | undefined): StoredContext {
  const directory = dockerFolder(io);
  if (host !== undefined) {
    const found = listContexts(directory).contexts.find((each) => tcpTarget(each.host)?.name === host.name);
    if (found !== undefined) return found;
    throw new MtlsError('NOT_ISSUED', `no client of ${host.name} is known here`, {
      hint: `run this where the CA is, or install a bundle for it: docker-mtls unbundle FILE --install; docker-mtls doctor tcp://${bracketed(host.name)}:${host.port} looks at it without a certificate`,
    });
  }
  const name = io.env['DOCKER_CONTEXT'] || currentContext(directory);
  if (name !== undefined && name !== 'default') return readContext(directory, name);
  throw new UsageError(
    'no engine is named, and none is known here',
    'docker-mtls check HOST, where the CA or a context is; docker-mtls doctor tcp://HOST needs neither',
  );
}

async function fromContext(context: StoredContext, io: Io): Promise<CheckSubject> {
  const host = targetOf(context.host);
  const credentials = contextCredentials(context);
  if (credentials === undefined)
    throw new MtlsError('PAIR_MISSING', `the context ${context.name} has no CA and client pair to ask with`, {
      hint: `docker-mtls context check ${context.name} tells what is wrong with it`,
    });
  return subjectFromClient({ credentials, who: `context ${context.name}`, host, now: io.now() });
}
