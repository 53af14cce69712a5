import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../support/cache.ts';

// The pages for users are roads: what they tell people to type is run by a test, in this order. A comment before a block
// says what differs:
//
//   <!-- run by test/FILE: REASON -->    another test runs these commands
//   <!-- not run: REASON -->             nothing can run them here
//   <!-- at: PLACE -->                   not root on the host for `#`, and the laptop's user for `$`
//   <!-- from the start -->              the places are prepared again first

export type PlaceName = 'host' | 'laptop' | 'rootless';

/** A command that a page prints, and what the page says that it answers. */
export type Step = {
  readonly at: PlaceName;
  readonly command: string;
  readonly shown: readonly string[];
};

export type Block = {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly fromTheStart: boolean;
  readonly marks: readonly Mark[];
  readonly steps: readonly Step[];
};

export type Mark = { readonly kind: 'not run' | 'run by'; readonly text: string };

export const PAGES: readonly string[] = [
  'README.md',
  ...fs
    .readdirSync(path.join(REPOSITORY, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const SHELLS = new Set(['console', 'sh', 'bash', 'shell']);
const BLOCK = /((?:^<!--[^\n]*-->\n\n?)*)^```(\w*)[^\n]*\n(.*?)^```$/gms;
const USERS = { '#': 'host', $: 'laptop' } as const;

/** The blocks of a page that a shell reads. */
export function blocksOf(
  page: string,
  text = fs.readFileSync(path.join(REPOSITORY, page), 'utf8'),
): readonly Block[] {
  return [...text.matchAll(BLOCK)].flatMap(({ 1: comments = '', 2: language = '', 3: body = '', index }) => {
    if (!SHELLS.has(language)) return [];
    const said = [...comments.matchAll(/<!-- (.*?) -->/g)].map(([, comment = '']) => comment);
    const place = said.flatMap((comment) => /^at: (\w+)$/.exec(comment)?.[1] ?? [])[0] as
      PlaceName | undefined;
    return [
      {
        page,
        line: text.slice(0, index).split('\n').length,
        language,
        fromTheStart: said.includes('from the start'),
        marks: said.flatMap(markOf),
        steps: stepsOf(body, place),
      },
    ];
  });
}

function markOf(comment: string): readonly Mark[] {
  const [, kind, text = ''] = /^(not run:|run by) (.+)$/.exec(comment) ?? [];
  if (kind === undefined) return [];
  return [{ kind: kind === 'run by' ? 'run by' : 'not run', text }];
}

/** A line with a prompt is a command, and what follows is its answer. */
function stepsOf(body: string, place: PlaceName | undefined): readonly Step[] {
  const steps: { at: PlaceName; command: string; shown: string[] }[] = [];
  for (const line of body.split('\n').slice(0, -1)) {
    const [, prompt, command = ''] = /^([#$]) (.*)$/.exec(line) ?? [];
    if (prompt === '#' || prompt === '$') steps.push({ at: place ?? USERS[prompt], command, shown: [] });
    else steps.at(-1)?.shown.push(line);
  }
  return steps;
}

/** Does an answer hold what the page shows of it, in this order? An ellipsis stands for anything, and moments differ. */
export function isShown(shown: readonly string[], answer: string): boolean {
  const lines = shown.filter((line) => line !== '…' && line !== '');
  const pattern = lines.map((line) => `${linePattern(line)}$`).join('[^]*?^');
  return new RegExp(`^${pattern}`, 'm').test(answer);
}

function linePattern(line: string): string {
  return line
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('…', '.*')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`)
    .replaceAll(/\d{8}T\d{6}Z/g, String.raw`\d{8}T\d{6}Z`);
}

/** A page shows an error where the command is meant to fail. */
export function isFailure({ shown }: Step): boolean {
  return shown.some((line) => line.startsWith('docker-mtls: error: '));
}
