import fs from 'node:fs';
import path from 'node:path';
import type { Finished } from '../support/run.ts';

/** The commands of a day, each with its exit code. */
export const DAY: readonly (readonly [line: string, code?: number])[] = [
  ['--version'],
  ['--help'],
  ['help secure'],
  ['list', 1],
  ['lisst', 2],
  ['init-ca --key-type ec-p384'],
  ['init-ca', 1],
  ['issue-server node1 --san 10.0.0.5'],
  ['issue-server node1 --force --out tls'],
  // Not every release of Node refuses a label that cannot be decoded.
  ['issue-server node2 --san xn--a-1.example', 1],
  ['issue-client alice --group ops'],
  ['issue-client bob --ttl 12h --key-type ed25519'],
  ['issue-client --names people.txt'],
  ['request dora'],
  ['issue-client dora --csr dora.csr'],
  ['list'],
  ['list --json'],
  ['list --format csv'],
  ['list --expiring-within 1d', 3],
  ['show alice'],
  ['show tls/ca.pem'],
  ['bundle alice'],
  ['bundle alice --for node1 -o folder.tgz'],
  ['bundle alice --for node1 --format zip -o alice.zip'],
  ['bundle alice --encrypt --bundle-passphrase-file missing', 1],
  ['bundle --names people.txt --for node1 -o bundles'],
  ['unbundle folder.tgz --out alice --install'],
  ['context create tls --client alice --for tcp://127.0.0.1:1'],
  ['context list'],
  ['context check tls', 3],
  ['context remove tls'],
  ['env alice --for node1'],
  ['exec alice --for node1 -- sh -c true'],
  ['ci export ci-uat --for github'],
  ['daemon-config --config d.json --dry-run'],
  ['daemon-config --config d.json'],
  ['daemon-config undo --config d.json'],
  ['completion bash'],
  ['plugin install'],
  ['docker-cli-plugin-metadata'],
];

/** How each command ended that is not as expected: its exit code, or what a crash said. */
export type Ended = readonly (readonly [line: string, code: number | string])[];

/** What `lastsADay` returns where all went well. */
export const AS_EXPECTED: Ended = DAY.map(([line, code = 0]) => [line, code]);

/** Runs all of them in an empty home. */
export async function lastsADay(
  home: string,
  program: (words: readonly string[]) => Promise<Finished>,
): Promise<Ended> {
  fs.writeFileSync(path.join(home, 'people.txt'), 'carol\ndave ops\n');
  const ended: (readonly [line: string, code: number | string])[] = [];
  for (const [line] of DAY) {
    const { code, signal, stderr } = await program(line.split(' '));
    ended.push([line, code === undefined || code === 70 ? `${signal}: ${stderr}` : code]);
  }
  return ended;
}
