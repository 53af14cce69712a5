// The pages that the published package brings along: a link to one that it lacks would lead nowhere.
import fs from 'node:fs';
import path from 'node:path';

const LINK = /\[([^\]]*)\]\(([^):#]+)\)/g;

/** Copies the README and what it leads to; a link to a page for those who build it keeps its words alone. */
export function copyPages(from, to) {
  const docs = fs.readdirSync(`${from}docs`).map((name) => `docs/${name}`);
  const pages = ['README.md', 'README.ko.md', 'SECURITY.md', ...docs];
  fs.rmSync(`${to}/docs`, { recursive: true, force: true });
  fs.mkdirSync(`${to}/docs`);
  for (const page of pages) {
    const text = fs.readFileSync(`${from}${page}`, 'utf8');
    fs.writeFileSync(
      `${to}/${page}`,
      text.replaceAll(LINK, (link, words, target) =>
        pages.includes(path.join(path.dirname(page), target)) ? link : words,
      ),
    );
  }
}
