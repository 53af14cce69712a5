import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { hostNeeds } from '../host/host.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { blocksOf, isFailure, isShown, PAGES, type Block } from './page.ts';
import { makePlaces, type Places } from './places.ts';

// What the pages for users print is typed here: as root on a host that booted, and as an ordinary user on a laptop.

jest.setTimeout(600_000);

const SECURED = 'docker-mtls secure node1.example.com --client alice --apply';
const BROUGHT =
  'scp root@node1.example.com:alice.tar.gz . && docker-mtls unbundle alice.tar.gz --install && rm alice.tar.gz';

/** What a page presupposes, of somebody who starts to read there. */
const BEFORE: Readonly<Record<string, Partial<Record<'host' | 'laptop', string>>>> = {
  'docs/clients.md': { host: SECURED },
  'docs/ca-moves.md': { host: SECURED },
  'docs/day-after.md': { host: SECURED, laptop: BROUGHT },
  'docs/rotate-the-ca.md': { host: SECURED, laptop: BROUGHT },
  'docs/somebody-leaves.md': { host: SECURED },
  'docs/stolen-key.md': { host: SECURED },
  'docs/everything-expires.md': { host: SECURED },
  'docs/renewal.md': { host: SECURED },
  'docs/undo.md': { host: SECURED },
  'docs/install.md': { laptop: 'docker-mtls init-ca' },
  'docs/pipelines.md': { laptop: 'docker-mtls init-ca' },
  'docs/snap-and-docker-in-docker.md': { laptop: 'docker-mtls init-ca' },
  'docs/windows-and-docker-desktop.md': {
    laptop:
      'docker-mtls init-ca && docker-mtls issue-server node1 && mkdir -p .docker && echo \'{"builder":{"gc":{"enabled":true,"defaultKeepStorage":"20GB"}},"experimental":false}\' >.docker/daemon.json',
  },
};

const ROADS = PAGES.map(
  (page) => [page, blocksOf(page).filter(({ marks }) => marks.length === 0)] as const,
).filter(([, blocks]) => blocks.length > 0);

describeNeeding(
  [...hostNeeds('28.5'), 'ssh', 'docker command', 'mounts'],
  'the commands of the pages',
  () => {
    let places: Places;

    beforeAll(async () => {
      places = await makePlaces();
    }, 900_000);

    async function prepare(page: string): Promise<void> {
      await places.prepare();
      await places.terminals.laptop(`export node1ip=${places.host.address}`);
      for (const at of ['host', 'laptop'] as const) {
        const command = BEFORE[page]?.[at];
        if (command === undefined) continue;
        const { code, stdout, stderr } = await places.terminals[at](command);
        if (code !== 0) throw new Error(`before ${page}, at ${at}: ${command}\n${stdout}${stderr}`);
      }
    }

    async function walk({ page, line, steps }: Block): Promise<void> {
      for (const step of steps) {
        const { code, stdout, stderr } = await places.terminals[step.at](step.command);
        const answer = `${stdout}${stderr}`;
        const where = `${page}:${line}, at the ${step.at}: ${step.command}`;
        if ((code !== 0) !== isFailure(step)) throw new Error(`${where}: ended with ${code}\n${answer}`);
        if (!isShown(step.shown, answer)) throw new Error(`${where}: the answer is not as shown\n${answer}`);
      }
    }

    describe.each(ROADS)('%s', (page, blocks) => {
      test('each command does what the page says, one after the other', async () => {
        for (const [index, block] of blocks.entries()) {
          if (index === 0 || block.fromTheStart) await prepare(page);
          await expect(walk(block)).resolves.toBeUndefined();
        }
      });
    });
  },
);
