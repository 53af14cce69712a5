import { addressOf, CERTS, CLIENT, CLIENT_BUNDLE } from '@docker-mtls/image';
import type { ClientOutcome } from '@docker-mtls/image';
import type { Report } from '../../command-line/command.ts';
import { stepReport, stepText } from '../../engine/step-report.ts';
import type { StepReport } from '../../engine/step-report.ts';

/**
 * What was done, and the book's commands for the name that the engine's certificate holds. `host` is the folder at /certs
 * as the host has it, if the user said so.
 */
export function clientReport(
  host: string | undefined,
  { steps: issued, written, server }: ClientOutcome,
): Report {
  const place = (file: string): string => file.replace(CERTS, host ?? CERTS);
  const bundle: StepReport = {
    step: 'bundle',
    outcome: written ? 'made' : 'kept',
    line: `bundle for client: ${place(CLIENT_BUNDLE)}`,
  };
  const steps = [...issued.map(stepReport), bundle];
  const next = nextCommands(addressOf(server));
  const where = host === undefined ? ' (in the folder that is mounted at /certs)' : '';
  return {
    json: { client: place(CLIENT), bundle: place(CLIENT_BUNDLE), steps, next },
    text: `${steps.map(stepText).join('')}  a ready DOCKER_CERT_PATH: ${place(CLIENT)}${where}\n${next}`,
  };
}

function nextCommands(host: string): string {
  return `next, where docker is used: bring pwd-client-certs there in private, for it holds a key, then
  mkdir -p -m 700 /tmp/pwd-certs && tar -xf pwd-client-certs -C /tmp/pwd-certs
  docker --host tcp://${host}:2376 --tlsverify --tlscacert /tmp/pwd-certs/ca.pem --tlscert /tmp/pwd-certs/client-cert.pem --tlskey /tmp/pwd-certs/client-key.pem container ls
  docker context create pwd-tls --docker "host=tcp://${host}:2376,ca=/tmp/pwd-certs/ca.pem,cert=/tmp/pwd-certs/client-cert.pem,key=/tmp/pwd-certs/client-key.pem"
`;
}
