// Writes the figures of a run into the pages that give them. docs/comparison.md has a column for each release of Node.
import fs from 'node:fs';
import { format, resolveConfig } from 'prettier';

const ROWS = {
  '`docker-mtls --help`': '--help',
  '`docker-mtls env`': 'env',
  '`docker-mtls exec … -- true`': 'exec',
  '`docker-mtls list`': 'list',
  '`docker-mtls issue-client`': 'issue-client',
  'its floor': 'issue-client, floor',
  '`docker-mtls secure`, from nothing': 'secure',
  'the floor of `secure`': 'secure, floor',
};

export async function writePages(report) {
  await change('docs/comparison.md', (page) => withSentences(withColumn(page, report), comparison(report)));
  if (report.doctor !== undefined)
    await change('docs/doctor.md', (page) => withSentences(page, doctor(report)));
}

async function change(name, edit) {
  const file = new URL(`../../${name}`, import.meta.url);
  const options = await resolveConfig(file);
  const page = edit(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(file, await format(page, { ...options, parser: 'markdown' }));
}

/** The column of the Node that was measured. Throws where the table lacks it, or one of its rows. */
function withColumn(page, { machine, jobs }) {
  const heading = `Node ${machine.node.slice(1).split('.')[0]}`;
  const lines = page.split('\n');
  const top = lines.findIndex((line) => cellsOf(line).includes(heading));
  if (top === -1) throw new Error(`docs/comparison.md has no column for ${heading}`);
  const column = cellsOf(lines[top]).indexOf(heading);
  const values = { "the machine's load": machine.load };
  for (const [row, job] of Object.entries(ROWS))
    values[row] = jobs.find(({ name }) => name === job).ratio.toFixed(1);
  for (const [row, value] of Object.entries(values)) {
    const at = lines.findIndex((line, index) => index > top && cellsOf(line)[1] === row);
    if (at === -1) throw new Error(`docs/comparison.md has no row ${row}`);
    lines[at] = cellsOf(lines[at]).with(column, value).join(' | ').trim();
  }
  return lines.join('\n');
}

function cellsOf(line) {
  return line.split('|').map((cell) => cell.trim());
}

/** Puts figures into sentences: each has to be there. */
function withSentences(page, sentences) {
  return sentences.reduce((text, [sentence, ...figures]) => {
    if (!sentence.test(text)) throw new Error(`a page lacks ${sentence}`);
    return text.replace(sentence, (all) => all.replaceAll(/\d[\d.]*/g, () => figures.shift()));
  }, page);
}

/** What only a run of everything measures. */
function comparison({ jobs, executable, inMemory, large, policy, authorization }) {
  const peer = (name) => {
    const [one, secure] = [name, 'secure'].map((job) => jobs.find((each) => each.name === job));
    return one === undefined ? undefined : (one.median / secure.median).toFixed(1);
  };
  return [
    executable && [
      /starts in [\d.]+ times/,
      Math.max(...executable.commands.map(({ ratio }) => ratio)).toFixed(2),
    ],
    peer('openssl, RSA 4096') && [/documentation [\d.]+\stimes/, peer('openssl, RSA 4096')],
    ...['easy-rsa', 'mkcert', 'cfssl'].map(
      (name) => peer(name) && [new RegExp(String.raw`\b${name}\s\d[\d.]*\d`), peer(name)],
    ),
    peer('openssl, P-256') && [/with P-256\s[\d.]+\stimes/, '256', peer('openssl, P-256')],
    inMemory && [/certificate\scosts\s[\d.]+\stimes/, inMemory.ratio.toFixed(1)],
    large && [
      /took at most\s[\d.]+\stimes/,
      Math.max(...large.commands.map(({ ratio }) => ratio)).toFixed(1),
    ],
    policy && [/verify`\stakes\s[\d.]+\stimes/, policy.peers.verified.toFixed(1)],
    policy && [/verdict\s[\d.]+\stimes/, policy.peers.queried.toFixed(1)],
    ...(authorization === undefined ? [] : ofAuthorization(authorization)),
  ].filter(Boolean);
}

function ofAuthorization({ rounds, latency, throughput, p99, cpu, idle }) {
  return [
    [/\d+\srounds/, String(rounds)],
    [/median\sof\s[\d.]+\stimes/, latency.toFixed(2)],
    [/99%\sis\s[\d.]+\stimes/, '99', p99.ratio.toFixed(2)],
    [/next\sto\sitself\s[\d.]+\d/, p99.itself.toFixed(2)],
    [/served\s[\d.]+\stimes/, throughput.toFixed(2)],
    [/has\s[\d.]+\stimes\sthe\sCPU/, (cpu.own / cpu.other).toFixed(1)],
    [/idle\s[\d.]+\stimes/, (idle.own / idle.other).toFixed(1)],
  ];
}

function doctor({ machine, doctor: { seconds, megabytes } }) {
  return [[/\d+ s and \d+ MB on \d+ cores/, seconds.toFixed(0), String(megabytes), String(machine.cores)]];
}
