import { createHash } from 'node:crypto';
import { shellWord } from '@docker-mtls/errors';
import type { RenewalService } from './renewal-units.ts';

/**
 * The same as the timer, for the crontab of the CA directory's owner. Each CA has a minute of its own. crontab(5): a percent
 * sign would end the command.
 */
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
  return `${minuteOf(caDirectory)} * * * * ${words
    .map(shellWord)
    .join(' ')
    .replaceAll('%', String.raw`\%`)}`;
}

function minuteOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() % 60;
}
