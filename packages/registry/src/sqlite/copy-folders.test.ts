import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { NOW } from '../../testing/registry-file.ts';
import { Connection } from './connection.ts';
import { recordCopyFolder, selectCopyFolders } from './copy-folders.ts';
import { migrate } from './schema.ts';

test('of more folders than are kept, the newest are read and the others forgotten', async () => {
  const file = path.join(temporaryFolder(), 'registry.db');
  fs.writeFileSync(file, '', { mode: 0o600 });
  const registry = new Connection(file);
  await registry.lock();
  migrate(registry);
  const folders = Array.from({ length: 150 }, (_, index) => `/srv/${String(index).padStart(4, '0')}`);
  // As another program would write them.
  for (const folder of folders)
    registry.run('INSERT INTO copy_folders (folder, at) VALUES (?, ?)', folder, '2020-01-01T00:00:00.000Z');
  expect(selectCopyFolders(registry)).toEqual(folders.slice(-100));
  recordCopyFolder(registry, '/srv/new', NOW);
  expect(selectCopyFolders(registry)).toEqual([...folders.slice(-99), '/srv/new']);
  expect(registry.all('SELECT count(*) AS count FROM copy_folders')).toEqual([{ count: 100 }]);
});
