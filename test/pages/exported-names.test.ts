import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const PACKAGES = path.resolve(import.meta.dirname, '../../packages');
const EXPORTED = /^export (?:async )?(?:function|const|type|class|let) (\w+)/gmu;

/** The function that does a command's work has this name in each command. */
const BY_CONVENTION: readonly string[] = ['run'];

function productSources(): readonly string[] {
  return fs.readdirSync(PACKAGES).flatMap((name) => {
    const folder = path.join(PACKAGES, name, 'src');
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(?:test|support)\.ts$/u.test(file))
      .map((file) => path.join(folder, file));
  });
}

/** The names that a module exports itself; those that it passes on belong to another one. */
function namesIn(file: string): readonly string[] {
  const names = [...fs.readFileSync(file, 'utf8').matchAll(EXPORTED)].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !BY_CONVENTION.includes(name));
}

test('a name is exported by one module of the product', () => {
  const modules = new Map<string, string[]>();
  for (const file of productSources())
    for (const name of namesIn(file))
      modules.set(name, [...(modules.get(name) ?? []), path.relative(PACKAGES, file)]);
  const shared = [...modules].filter(([, files]) => files.length > 1);
  expect(shared.map(([name, files]) => `${name}: ${files.join(', ')}`)).toEqual([]);
});
