import { BLOCKS, ROWS } from './catalogue.ts';
import type { BlockName, CatalogueRow } from './catalogue.ts';
import { CIS_VERSION } from './row.ts';

const HEADINGS: Readonly<Record<BlockName, string>> = {
  listeners: 'DM1xx: listeners and TLS of engines',
  authority: 'DM2xx: CA directory, certificates, revocation list',
  lint: 'DM240 to DM299: rules that a certificate breaks',
  contexts: 'DM3xx: contexts, bundles and exported credentials',
  ssh: 'DM4xx: engines over SSH',
  authorization: 'DM5xx: authorization plugins',
  host: 'DM6xx: host and version of the engine',
};

/** The text of docs/findings.md, which a test compares with the page. */
export function findingsPage(): string {
  return `${INTRODUCTION}${BLOCKS.map(section).join('')}`;
}

const INTRODUCTION = `# Findings

What \`docker-mtls doctor\`, \`check\`, \`status\`, \`context check\`, \`ssh check\` and \`show\` can find. A number stays with its finding and is
never used for another. \`error\`: something is broken or open; \`warning\`: it will be, or is risky; \`note\`: worth knowing. CIS: the
recommendations of the CIS Docker Benchmark ${CIS_VERSION} that the finding belongs to.
`;

function section(block: BlockName): string {
  const rows = ROWS.filter((row) => row.block === block);
  return rows.length === 0 ? '' : `\n## ${HEADINGS[block]}\n${rows.map(entry).join('')}`;
}

function entry({ id, severity, title, fix, cis, word }: CatalogueRow): string {
  const benchmark = cis === undefined ? '' : `; CIS ${cis.join(', ')}`;
  return `\n### ${id}\n\n${title}. \`${word}\`, ${severity}${benchmark}.\n\nTo fix it: ${fix}.\n`;
}
