import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';

/** The cells of every row of every table of a page; the rows that head them too. */
export function rowsOf(page: string): readonly (readonly string[])[] {
  const text = fs.readFileSync(path.join(REPOSITORY, page), 'utf8');
  return text.split('\n').flatMap((line) => {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1) : [];
    return cells.length === 0 ? [] : [cells.map((cell) => cell.trim())];
  });
}
