import { diagnose, parseDoctorTarget } from '@docker-mtls/doctor';
import type { ClientCredentials, Diagnosis, DoctorOrder } from '@docker-mtls/doctor';
import { locateEngine } from '@docker-mtls/engine';
import { temporaryFolder } from './temp.ts';

/** What doctor finds about one target, as a user without contexts and without a CA. */
export async function diagnosisOf(
  target: string,
  { client, ...changes }: Partial<DoctorOrder> & { readonly client?: ClientCredentials } = {},
): Promise<Diagnosis> {
  const folder = temporaryFolder();
  const machine = { env: {}, platform: 'linux', uid: 0 } as const;
  const [diagnosis] = await diagnose({
    targets: [parseDoctorTarget(target)],
    engine: locateEngine({ config: `${folder}/daemon.json` }, machine),
    caDirectory: `${folder}/ca`,
    folder,
    client,
    dockerFolder: folder,
    env: {},
    patienceMs: 5000,
    now: () => new Date(),
    ...changes,
  });
  if (diagnosis === undefined) throw new Error('nothing was looked at');
  return diagnosis;
}

/** Their numbers, each once. */
export function idsOf({ found }: Diagnosis): readonly string[] {
  return [...new Set(found.map(({ id }) => id))].toSorted();
}
