import fs from 'node:fs';
import path from 'node:path';

/** The version and the date that everything made from these sources bears, whenever and wherever it is built. */
export function sourceFacts(root) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'packages/cli/package.json'), 'utf8'));
  const clock = fs.readFileSync(path.join(root, 'packages/authority/src/clock.ts'), 'utf8');
  const [, moment] = /RELEASED: Date = new Date\('([^']+)'\)/.exec(clock) ?? [];
  if (moment === undefined) throw new Error('packages/authority/src/clock.ts has no date of release');
  return { version, released: new Date(moment) };
}
