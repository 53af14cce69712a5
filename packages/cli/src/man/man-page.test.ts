import { describe, expect, test } from '@jest/globals';
import { allCommands } from '../command-line/command.ts';
import { COMMANDS } from '../commands/index.ts';
import { manPages } from './man-page.ts';

const PAGES = new Map(manPages().map(({ file, text }) => [file, text]));

/** A page as it reads. */
function textOf(file: string): string {
  const characters = { e: '\\', '-': '-', '(aq': "'", '(ga': '`', '(ha': '^', '(ti': '~', '&': '' };
  return Object.entries(characters).reduce(
    (text, [escape, character]) => text.replaceAll(`\\${escape}`, character),
    PAGES.get(file) ?? '',
  );
}

describe('the manual pages', () => {
  test.each(allCommands(COMMANDS).map((path) => [path.map(({ name }) => name).join('-'), path] as const))(
    'have a page for %s, with its options and examples',
    (name, path) => {
      const text = textOf(`docker-mtls-${name}.1`);
      const { summary = '', options = {}, examples = [] } = path.at(-1) ?? {};
      expect(text).toContain(`docker-mtls-${name} - ${summary}\n`);
      for (const option of Object.keys(options)) expect(text).toMatch(new RegExp(`--${option}\\b`));
      for (const [example] of examples) expect(text).toContain(`docker-mtls ${example}`);
    },
  );

  test('list every command in that of the program', () => {
    for (const { name } of COMMANDS) expect(textOf('docker-mtls.1')).toContain(`docker-mtls ${name}\\fR`);
  });

  test('hold no request but those of man(7), and nothing that roff would read as one', () => {
    const lines = [...PAGES.values()].flatMap((text) => text.split('\n'));
    const requests = lines.filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]);
    expect(new Set(requests)).toEqual(new Set(['.TH', '.SH', '.SS', '.TP']));
  });
});
