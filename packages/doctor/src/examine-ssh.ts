import { checkSsh } from '@docker-mtls/ssh';
import type { SshHost } from '@docker-mtls/ssh';
import type { Diagnosis, DoctorOrder } from './doctor-order.ts';
import { found } from './found.ts';
import type { FoundFinding } from './found.ts';

/** sshd_config(5): from the first number on, new connections are refused at random. */
const DEFAULT_STARTUPS = '10:30:100';
const ENOUGH = 64;

/** Looks at an engine over SSH, as `ssh check` does. */
export async function examineSsh(
  { env }: Pick<DoctorOrder, 'env'>,
  host: SshHost,
): Promise<Omit<Diagnosis, 'target'>> {
  const { works, problems, maxStartups = DEFAULT_STARTUPS } = await checkSsh(host, { env });
  const subject = host.url;
  return {
    found: [
      ...problems.map(({ problem, severity, message, hint }) =>
        found('ssh', problem, { subject, message, hint, severity }),
      ),
      ...(works ? limitFindings(subject, maxStartups) : []),
    ],
    unseen: [],
  };
}

/** Each command of docker opens connections of its own, docker compose many at once. */
function limitFindings(subject: string, maxStartups: string): readonly FoundFinding[] {
  if (Number(maxStartups.split(':')[0]) >= ENOUGH) return [];
  const message = `MaxStartups of its sshd is ${maxStartups}: of more connections at once, some are refused`;
  return [found('ssh', 'connections-limited', { subject, message })];
}
