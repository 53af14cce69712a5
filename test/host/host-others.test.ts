import { beforeAll } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { describeHostileUnits } from './describe-hostile-units.ts';
import { describeRootless } from './describe-rootless.ts';
import { describeSnap } from './describe-snap.ts';
import { bootHost, hostNeeds, type Host } from './host.ts';

describeNeeding(hostNeeds('28.5'), 'a host', () => {
  let host: Host;
  beforeAll(async () => {
    host = await bootHost('28.5');
  }, 900_000);

  describeRootless(() => host);
  describeHostileUnits(() => host);
  describeSnap(() => host);
});
