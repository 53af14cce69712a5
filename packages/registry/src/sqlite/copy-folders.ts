import type { Connection } from './connection.ts';
import { SCHEMA_WITH_COPY_FOLDERS, schemaVersion } from './schema.ts';

/** The oldest beyond that are forgotten, and not read where another program has written more. */
const MOST = 100;
const NEWEST = 'SELECT folder FROM copy_folders ORDER BY at DESC, rowid DESC LIMIT ?';

/** Remembers a folder in which copies of pairs were written. */
export function recordCopyFolder(registry: Connection, folder: string, now: Date): void {
  const at = now.toISOString();
  registry.run('INSERT OR REPLACE INTO copy_folders (folder, at) VALUES (?, ?)', folder, at);
  registry.run(`DELETE FROM copy_folders WHERE folder NOT IN (${NEWEST})`, MOST);
}

/** The folders in which copies of pairs were written, by name. A registry of an earlier release knows of none. */
export function selectCopyFolders(registry: Connection): readonly string[] {
  if (schemaVersion(registry) < SCHEMA_WITH_COPY_FOLDERS) return [];
  const rows = registry.all(`SELECT folder FROM (${NEWEST}) ORDER BY folder`, MOST);
  return rows.map(({ folder }) => String(folder));
}
