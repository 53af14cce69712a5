import type { EngineVersion } from './engine-install.ts';
import { describeNeeding } from './describe-needing.ts';
import { engineNeeds } from './needs.ts';

/** Describes behaviour that only a real engine can show, with the docker command and images of busybox. */
export function describeWithEngine(version: EngineVersion, name: string, tests: () => void): void {
  describeNeeding([...engineNeeds(version), 'docker command', 'static busybox'], name, tests);
}
