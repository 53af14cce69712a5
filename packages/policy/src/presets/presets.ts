import { CI } from './ci.ts';
import { COMPOSE } from './compose.ts';
import { MONITORING } from './monitoring.ts';

/** Policies to begin with. Each is valid as it is; the names in it are to be replaced. */
export const PRESETS: ReadonlyMap<string, { readonly about: string; readonly text: string }> = new Map([
  ['ci', { about: 'pipelines that build, push and deploy', text: CI }],
  ['compose', { about: 'people and pipelines that run one Compose project', text: COMPOSE }],
  ['monitoring', { about: 'programs that watch the engine and change nothing', text: MONITORING }],
]);
