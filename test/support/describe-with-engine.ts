import { describeUnless } from './describe-unless.ts';
import { engineObstacle, type EngineVersion } from './engine-install.ts';

/** Describes behaviour that only a real engine can show; see `describeUnless` for where none can run. */
export function describeWithEngine(version: EngineVersion, name: string, tests: () => void): void {
  describeUnless(engineObstacle(version), name, tests);
}
