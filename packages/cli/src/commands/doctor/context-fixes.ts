import path from 'node:path';
import { hasCa, hasKey, inPlace } from '@docker-mtls/authority';
import { packDockerContext } from '@docker-mtls/bundle';
import { newerEntry, newerTls, readContext, updateContext } from '@docker-mtls/context';
import type { Diagnosis, Fix } from '@docker-mtls/doctor';
import { shellWord } from '@docker-mtls/errors';
import { createFile, exists, PRIVATE_FILE } from '@docker-mtls/files';
import { caDirectory } from '../../ca/ca-directory.ts';
import { withCliSession } from '../../ca/session.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';

const STALE = 'DM309';

/** Contexts of this user that hold an older certificate get the newer one; the context as it was is kept in a file. */
export async function contextFixes(
  diagnoses: readonly Diagnosis[],
  args: Args,
  io: Io,
): Promise<readonly Fix[]> {
  const stale = diagnoses.flatMap(({ found }) => found.filter(({ id }) => id === STALE));
  if (stale.length === 0 || !(await hasCa(caDirectory(args, io)))) return [];
  const names = [...new Set(stale.map(({ subject }) => subject.replace(/^context[: ]/, '')))];
  return withCliSession(args, io, async (session) => {
    const fixes: Fix[] = [];
    for (const name of names) {
      const context = readContext(dockerFolder(io), name);
      const entry = await newerEntry(session.reader, context);
      if (entry === undefined || !hasKey(await inPlace(session, entry))) continue;
      const kept = keptFile(dockerFolder(io), name);
      const tls = await newerTls(session, context);
      fixes.push({
        finding: STALE,
        subject: `context:${name}`,
        does: `docker-mtls context update ${shellWord(name)}`,
        back: `docker context rm --force ${shellWord(name)} && docker context import ${shellWord(name)} ${shellWord(kept)}`,
        apply: async () => {
          createFile(kept, packDockerContext(context), PRIVATE_FILE);
          updateContext(dockerFolder(io), name, { ...(tls && { tls }) });
        },
      });
    }
    return fixes;
  });
}

/** A name of its own: an earlier copy is somebody's way back. */
function keptFile(folder: string, name: string): string {
  for (let count = 1; ; count += 1) {
    const file = path.join(folder, `${name}-before-${count}.dockercontext`);
    if (!exists(file)) return file;
  }
}
