import fs from 'node:fs';
import path from 'node:path';
import type { Ran, Run } from '@docker-mtls/run';
import { temporaryFolder } from '../../../test/support/temp.ts';

/** A machine on paper: unit files in a temporary folder, and a systemctl that writes down what it is asked. */
export type FakeMachine = {
  readonly folder: string;
  readonly units: string;
  readonly config: string;
  readonly run: Run;
  /** The verbs and units that systemctl was asked, but for those that only show something. */
  readonly asked: readonly string[];
  readonly answers: Record<string, Ran | (() => Ran)>;
  /** What journalctl prints. */
  readonly journal: string[];
};

export const REFUSED: Ran = { code: 1, stdout: '', stderr: 'Job for docker.service failed.\n' };

export const UNIT = `[Service]
Type=notify
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
`;

export const FINE: Ran = { code: 0, stdout: '', stderr: '' };

type Options = { readonly unit?: string; readonly socket?: string; readonly state?: string };

export function fakeMachine({
  unit = UNIT,
  socket,
  state = 'ActiveState=active',
}: Options = {}): FakeMachine {
  const folder = temporaryFolder();
  const units = path.join(folder, 'units');
  fs.mkdirSync(units);
  fs.writeFileSync(path.join(folder, 'docker.service'), unit);
  if (socket !== undefined) fs.writeFileSync(path.join(folder, 'docker.socket'), socket);
  const asked: string[] = [];
  const answers: FakeMachine['answers'] = {};
  const journal: string[] = [];
  const show = (name: string): Ran => {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) return { ...FINE, stdout: 'LoadState=not-found\n' };
    const drops = path.join(units, `${name}.d`);
    const names = fs.existsSync(drops) ? fs.readdirSync(drops).toSorted() : [];
    const paths = names.map((drop) => path.join(drops, drop)).join(' ');
    return { ...FINE, stdout: `LoadState=loaded\nFragmentPath=${file}\nDropInPaths=${paths}\n${state}\n` };
  };
  const run: Run = async (program, args) => {
    if (program === 'journalctl') return { ...FINE, stdout: journal.join('\n') };
    const told = args.join(' ');
    if (args[0] === 'show') return show(args.at(-1) ?? '');
    if (told !== 'show-environment') asked.push(told);
    const answer = answers[told] ?? FINE;
    return typeof answer === 'function' ? answer() : answer;
  };
  return { folder, units, config: path.join(folder, 'etc', 'daemon.json'), run, asked, answers, journal };
}
