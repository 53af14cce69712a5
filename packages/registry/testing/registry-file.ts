import fs from 'node:fs';

export const NOW: Date = new Date('2026-01-01T00:00:00Z');
export const OPERATOR = 'carol@workstation';

export function modeOf(path: string): string {
  return (fs.statSync(path).mode & 0o777).toString(8);
}
