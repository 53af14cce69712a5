import type { CiEngine } from '../ci-engine.ts';
import type { CiTarget } from '../target.ts';

/** What is to be exported. */
export type CiOrder = {
  readonly name: string;
  readonly target: CiTarget;
  /** Empty where the credentials are for no particular environment. */
  readonly engines: readonly CiEngine[];
  /** Seconds, of a pair that has to be issued. */
  readonly lifetime: number;
  readonly groups: readonly string[];
  readonly force: boolean;
};
