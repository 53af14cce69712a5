import { beforeAll } from '@jest/globals';
import { describeUnless } from '../support/describe-unless.ts';
import { describeHostileUnits } from './describe-hostile-units.ts';
import { describeRootless } from './describe-rootless.ts';
import { describeSnap } from './describe-snap.ts';
import { bootHost, hostObstacle, type Host } from './host.ts';

describeUnless(hostObstacle('28.5'), 'a host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await bootHost('28.5');
  }, 900_000);

  describeRootless(() => host);
  describeHostileUnits(() => host);
  describeSnap(() => host);
});
