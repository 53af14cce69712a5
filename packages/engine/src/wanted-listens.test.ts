import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDaemonConfig } from '@docker-mtls/daemon-config';
import { fakeMachine, UNIT } from '../testing/fake-systemd.ts';
import { readHostUnit } from './host-unit.ts';
import type { HostUnit } from './host-unit.ts';
import { planHost } from './plan-host.ts';
import { servedAddresses } from './wanted-listens.ts';

const OPTIONS = {
  files: { ca: '/t/ca.pem', certificate: '/t/server-cert.pem', key: '/t/server-key.pem' },
  localSocket: 'fd://',
  liveRestore: false,
};

test('what the drop-in took from the command line is not served, and a second plan does not bring it back', async () => {
  const { run, units } = fakeMachine({ unit: UNIT.replace('-H fd://', '-H fd:// -H tcp://127.0.0.1:2375') });
  const unit = async (): Promise<HostUnit> => (await readHostUnit(run, { units })) as HostUnit;
  const listen = ['0.0.0.0:2376'];
  const { config, dropIn } = planHost(await unit(), parseDaemonConfig(undefined), { ...OPTIONS, listen });
  fs.mkdirSync(path.join(units, 'docker.service.d'));
  fs.writeFileSync(dropIn.path, dropIn.after ?? '');
  const document = parseDaemonConfig(Buffer.from(config.after));
  const served = servedAddresses(document, await unit());
  expect(served).toEqual([{ host: '0.0.0.0', port: 2376 }]);
  const again = planHost(await unit(), document, { ...OPTIONS, listen });
  expect(again.config.changes).toEqual([]);
  expect(again.listens.held).not.toContain('tcp://127.0.0.1:2375');
});
