import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { partLoader } from '../../packages/cli/src/launch/load-parts.ts';
import { REPOSITORY } from '../support/cache.ts';
import { run } from '../support/run.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

const SCRIPT = path.join(REPOSITORY, 'scripts/split-bundle.js');

type Bundled = Finished & { readonly file: string };

/** Bundles a program as the build does, with another one's part that is loaded late. */
async function bundle(main: string, late = ''): Promise<Bundled> {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'main.js'), main);
  fs.writeFileSync(path.join(folder, 'late.js'), late);
  const options = {
    absWorkingDir: folder,
    main: path.join(folder, 'main.js'),
    name: 'out',
    folder,
    home: folder,
  };
  const settings = { ...options, minify: true, platform: 'node', target: 'node20.19' };
  const code = `import { splitBundle } from ${JSON.stringify(SCRIPT)}; await splitBundle(${JSON.stringify(settings)});`;
  const finished = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: REPOSITORY });
  return { ...finished, file: path.join(folder, 'out.cjs') };
}

test('what a program exports is there, under its names, and as it is by then', async () => {
  const { file, stderr } = await bundle(
    `let count = 1; const text = 'ü'; export const add = () => { count += 1; }; export { count as "how-many", text };`,
  );
  expect(stderr).toBe('');
  const nothing = { read: () => undefined, write: () => undefined };
  const exported = partLoader(nothing, 'test').load(file) as Record<string, unknown>;
  expect(exported).toMatchObject({ 'how-many': 1, text: 'ü' });
  (exported['add'] as () => void)();
  expect(exported['how-many']).toBe(2);
});

test.each([
  ['a regular expression', `export const test = (text) => /[‘’]/.test(text);`],
  ['a raw string', 'export const text = String.raw`ü`;'],
])('%s that is not ASCII fails: it would be read as other characters', async (_, main) => {
  const { code, stderr } = await bundle(main);
  expect(code).toBe(1);
  expect(stderr).toContain('write what is not ASCII as an escape');
});

test('what is not ASCII is found in a part that is loaded late, too', async () => {
  const { code, stderr } = await bundle(
    `export const load = () => import('./late.js');`,
    'export const late = /ü/;',
  );
  expect(code).toBe(1);
  expect(stderr).toContain('write what is not ASCII as an escape');
});

test('exports that are not found as they are fail', async () => {
  const { code, stderr } = await bundle('const one = 1; export { one as "a, b" };');
  expect(code).toBe(1);
  expect(stderr).toContain('was found in it');
});
