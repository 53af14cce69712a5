import { createHash } from 'node:crypto';
import { shellWord } from '@docker-mtls/errors';
import type { RenewalService } from './renewal-units.ts';

/** The same as the timer, for the crontab of the CA directory's owner. Each CA has a minute of its own. */
export function cronLine({ program, options, caDirectory, hook, passphrase }: RenewalService): string {
  const words = [
    ...program,
    'renew',
    '--timer',
    '--ca-dir',
    caDirectory,
    ...options,
    ...(passphrase === undefined ? [] : ['--passphrase-file', passphrase.file]),
    ...(hook.length > 0 ? ['--', ...hook] : []),
  ];
  return `${minuteOf(caDirectory)} * * * * ${words.map(cronWord).join(' ')}`;
}

/**
 * crontab(5): a percent sign would end the command, and cron takes the backslash before one away. The cron of busybox
 * knows nothing of that and leaves it to the shell, which takes it away outside of quotes alone. For busybox a line ends
 * at a number sign, quoted or not: the shell makes it.
 */
function cronWord(word: string): string {
  const quoted = shellWord(word);
  if (!quoted.startsWith("'")) return quoted.replaceAll('%', String.raw`\%`);
  return quoted.replaceAll('%', String.raw`'\%'`).replaceAll('#', () => String.raw`'"$(printf '\043')"'`);
}

function minuteOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() % 60;
}
