import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../../test/support/cleanup.ts';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { engineStarts } from './engine-starts.ts';
import { PROC, readProcess } from './processes.ts';

/** A process that is called dockerd and names the file stands in for an engine that reads it. */
function startEngine(program: string, config: string, uid?: number): void {
  const child = spawn(program, ['600'], { argv0: `--config-file=${config}`, stdio: 'ignore', uid });
  onCleanup(() => void child.kill());
}

function programIn(folder: string): string {
  const program = path.join(folder, 'dockerd');
  fs.copyFileSync('/bin/sleep', program);
  fs.chmodSync(program, 0o755);
  return program;
}

test('an engine whose daemon.json cannot be looked at hides no other one', async () => {
  const folder = temporaryFolder();
  const program = programIn(folder);
  const config = path.join(folder, 'daemon.json');
  fs.writeFileSync(config, '{}');
  const loop = path.join(folder, 'loop');
  fs.symlinkSync(loop, loop);
  for (const file of [path.join(loop, 'daemon.json'), config]) startEngine(program, file);
  await eventually(() => expect(engineStarts(config)).toHaveLength(1));
});

describeNeeding(['root'], 'of several users', () => {
  test("the engine of a file is root's or its owner's, not what somebody else calls dockerd", async () => {
    const folder = temporaryFolder();
    fs.chmodSync(folder, 0o755);
    const program = programIn(folder);
    const [mine, theirs] = ['mine', 'theirs'].map((name) => path.join(folder, name));
    for (const file of [mine, theirs]) {
      fs.writeFileSync(String(file), '{}');
      startEngine(program, String(file), 4242);
    }
    fs.chownSync(String(theirs), 4242, 4242);
    await eventually(() => expect(engineStarts(String(theirs))).toHaveLength(1));
    startEngine(program, String(mine));
    await eventually(() => expect(engineStarts(String(mine))).toHaveLength(1));
  });
});

describeNeeding(['root', 'mounts'], 'in another name space', () => {
  test('an engine counts where it sees the same file, and not where another one is in its place', async () => {
    const folder = temporaryFolder();
    const program = programIn(folder);
    const [seen, hidden] = [path.join(folder, 'seen.json'), path.join(folder, 'own/daemon.json')];
    fs.mkdirSync(path.dirname(hidden));
    for (const file of [seen, hidden]) fs.writeFileSync(file, '{}');
    const script = path.join(folder, 'start');
    const mount = `mount -t tmpfs tmpfs ${path.dirname(hidden)} && echo '{}' >${hidden}`;
    fs.writeFileSync(script, `${mount} && exec -a "--config-file=$1" ${program} 600`);
    for (const file of [seen, hidden]) {
      const child = spawn('unshare', ['--mount', 'bash', script, file], { stdio: 'ignore' });
      onCleanup(() => void child.kill());
    }
    await eventually(() => expect(fs.readdirSync(PROC).filter(isEngine)).toHaveLength(2));
    expect(engineStarts(seen)).toHaveLength(1);
    expect(engineStarts(hidden)).toEqual([]);

    function isEngine(pid: string): boolean {
      const words = readProcess(`${PROC}/${pid}/cmdline`) ?? '';
      return words.includes(folder) && readProcess(`${PROC}/${pid}/comm`) === 'dockerd\n';
    }
  });
});
