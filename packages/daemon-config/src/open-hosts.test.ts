import { expect, test } from '@jest/globals';
import { parseDaemonConfig } from './document.ts';
import { openHosts } from './open-hosts.ts';

const [LOCAL, TLS] = [[], ['tcp://localhost:2376']];

test.each([
  ['{}', { hosts: [], tls: false }, [LOCAL]],
  ['{"tlscert": "/c.pem"}', { hosts: [], tls: false }, [LOCAL]],
  ['{"tls": false}', { hosts: [], tls: false }, [LOCAL]],
  ['{"tls": true}', { hosts: [], tls: false }, [TLS]],
  ['{"tls": true, "tlsverify": true}', { hosts: [], tls: false }, [TLS]],
  ['{"tlsverify": true}', { hosts: [], tls: false }, [LOCAL, TLS]],
  ['{"tlsverify": false}', { hosts: [], tls: false }, [LOCAL, TLS]],
  ['{"hosts": []}', { hosts: [], tls: true }, [TLS]],
  ['{"hosts": ["fd://"], "tls": true}', { hosts: [], tls: false }, [['fd://']]],
  ['{"tlsverify": true}', { hosts: ['fd://'], tls: false }, [['fd://']]],
  ['{"hosts": ["tcp://:1"]}', { hosts: ['fd://'], tls: true }, [['tcp://:1', 'fd://']]],
])('with %s in its file and %j on its command line, an engine opens %j', (text, flags, hosts) => {
  expect(openHosts(parseDaemonConfig(Buffer.from(text)), flags)).toEqual(hosts);
});
