import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseCommandLine } from '../../packages/cli/src/command-line/parse.ts';
import { COMMANDS } from '../../packages/cli/src/commands/index.ts';
import { REPOSITORY } from '../support/cache.ts';

// Every command that the pages print must parse, with options that exist.

// The command line's own are copies of these.
const PAGES = ['.', 'docs', 'certs-template', ...folders('packages')]
  .filter((folder) => folder !== 'packages/cli')
  .flatMap((folder) =>
    fs
      .readdirSync(path.join(REPOSITORY, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => path.join(folder, name)),
  );

function folders(parent: string): readonly string[] {
  return fs.readdirSync(path.join(REPOSITORY, parent)).map((name) => path.join(parent, name));
}

function textOf(page: string): string {
  return fs.readFileSync(path.join(REPOSITORY, page), 'utf8');
}

/** Our commands in blocks of code, and in sentences where one is set as code; an ellipsis is no command. */
function commandsOn(page: string): readonly string[] {
  const text = textOf(page);
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.split('\n'));
  const sentences = [...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(
    ([, code = '']) => code,
  );
  return [...blocks, ...sentences].flatMap((line) => {
    const [, command] = /(?:^|[\s(])docker-mtls ((?:[a-z]|-)[^)|#…>]*)(?!.*…)/.exec(line) ?? [];
    return command === undefined ? [] : [command.trim()];
  });
}

/** As a shell would take it apart, as far as the pages go. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

const PRINTED = PAGES.flatMap((page) => commandsOn(page).map((command) => [page, command] as const));

test.each(PRINTED)('%s: docker-mtls %s', async (_, command) => {
  expect(await parseCommandLine(wordsOf(command))).toMatchObject({});
});

test('docs/commands.md lists every command', () => {
  const page = textOf('docs/commands.md');
  const missing = COMMANDS.filter(({ name }) => !new RegExp(`^- .*\`${name}\\b`, 'm').test(page));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test('the README has at most 1,300 words', () => {
  expect(textOf('README.md').split(/\s+/).length).toBeLessThanOrEqual(1300);
});

test('no page recommends the package of a registry, whose name is not ours yet', () => {
  const wanting = PAGES.filter((page) =>
    /npx (?:--yes )?docker-mtls|npm i(?:nstall)? (?:-g|--global) docker-mtls/.test(textOf(page)),
  );
  expect(wanting).toEqual([]);
});

describe('links between the pages', () => {
  const links = PAGES.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^):]+)\)/g)].map(([, link = '']) => [page, link] as const),
  );

  test.each(links)('%s leads to %s', (page, link) => {
    expect(fs.existsSync(path.join(REPOSITORY, path.dirname(page), link))).toBe(true);
  });
});
