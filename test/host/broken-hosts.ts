import { pluginNamed, write } from './scripts.ts';

export const JSON_FILE = '/etc/docker/daemon.json';
export const FILE = (key: string): string => `$(sed -n 's/.*"${key}": "\\([^"]*\\)".*/\\1/p' ${JSON_FILE})`;

/** A daemon.json with one more line at its start; the engine is not restarted. */
const withLine = (line: string): string => `sed -i '0,/{/s//{\\n  ${line},/' ${JSON_FILE}`;
export const SAVED = '/root/saved';

/** A host that is made worse by a script, and what doctor finds then. */
export type BrokenHost = {
  readonly name: string;
  readonly script: string;
  readonly finds: readonly string[];
  readonly repair?: string;
};

/** Faults of files, units, groups and processes. */
export const BROKEN: readonly BrokenHost[] = [
  {
    name: 'members of the group docker',
    script: 'usermod -aG docker nobody',
    finds: ['DM609'],
    repair: 'gpasswd -d nobody docker',
  },
  {
    name: 'a key that others can read',
    script: `chmod 644 ${FILE('tlskey')}`,
    finds: ['DM601'],
    repair: `chmod 600 ${FILE('tlskey')}`,
  },
  {
    name: 'a key of another user',
    script: `chown nobody ${FILE('tlskey')}`,
    finds: ['DM602'],
    repair: `chown root ${FILE('tlskey')}`,
  },
  {
    name: 'a CA file that others can change',
    script: `chmod 666 ${FILE('tlscacert')}`,
    finds: ['DM604'],
    repair: `chmod 644 ${FILE('tlscacert')}`,
  },
  {
    name: 'a CA file that is no longer one',
    script: `cp -p ${FILE('tlscacert')} ${SAVED}.ca; echo spoiled >${FILE('tlscacert')}`,
    finds: ['DM112', 'DM113'],
    repair: `cp -p ${SAVED}.ca ${FILE('tlscacert')}`,
  },
  {
    name: 'a key behind a link that others can change',
    script: `mkdir -m 777 /srv/open; ln -s ${FILE('tlskey')} /srv/open/key.pem; sed -i 's#"tlskey": "[^"]*"#"tlskey": "/srv/open/key.pem"#' ${JSON_FILE}`,
    finds: ['DM603', 'DM114'],
    repair: 'rm -r /srv/open',
  },
  {
    name: 'a daemon.json that others can change',
    script: `chmod 666 ${JSON_FILE}`,
    finds: ['DM605'],
    repair: `chmod 644 ${JSON_FILE}`,
  },
  {
    name: 'a unit that others can change',
    script: 'chmod 666 /lib/systemd/system/docker.service',
    finds: ['DM606'],
    repair: 'chmod 644 /lib/systemd/system/docker.service',
  },
  {
    name: 'a socket for everybody',
    script: 'chmod 666 /run/docker.sock',
    finds: ['DM607'],
    repair: 'chmod 660 /run/docker.sock',
  },
  {
    name: 'a socket of another user',
    script: 'chown nobody /run/docker.sock',
    finds: ['DM608'],
    repair: 'chown root /run/docker.sock',
  },
  {
    name: 'metrics for everybody',
    script: withLine('"metrics-addr": "0.0.0.0:9323"'),
    finds: ['DM114', 'DM139'],
  },
  {
    name: 'a plugin under a key that is ignored',
    script: withLine('"authorization-plugin": ["p"]'),
    finds: ['DM114', 'DM503'],
  },
  {
    name: 'a plugin that does not exist',
    script: withLine('"authorization-plugins": ["ghost"]'),
    finds: ['DM114', 'DM507'],
  },
  {
    name: 'a plugin that the engine does not ask',
    script: pluginNamed('p') + withLine('"authorization-plugins": ["p"]'),
    finds: ['DM114', 'DM506'],
    repair: 'systemctl stop plugin-p',
  },
  {
    name: 'a key that is ignored',
    script: withLine('"label": ["a=b"]'),
    finds: ['DM114', 'DM117'],
  },
  {
    name: 'tlsverify without a CA',
    script: `sed -i '/tlscacert/d' ${JSON_FILE}`,
    finds: ['DM109'],
  },
  {
    name: 'files for TLS without TLS',
    script: `sed -i '/tlsverify/d' ${JSON_FILE}`,
    finds: ['DM116'],
  },
  { name: 'a daemon.json that is broken', script: `echo '{' >${JSON_FILE}`, finds: ['DM118'] },
  {
    name: 'a port that is named and not open',
    script: `sed -i 's/:2376"/:2376", "tcp:\\/\\/127.0.0.1:2399"/' ${JSON_FILE}`,
    finds: ['DM114', 'DM618'],
  },
  {
    name: 'a socket unit with a port',
    script: `${write('/etc/systemd/system/docker.socket.d/tcp.conf', '[Socket]\nListenStream=127.0.0.1:2375')} systemctl daemon-reload`,
    finds: ['DM119'],
    repair: 'rm -r /etc/systemd/system/docker.socket.d; systemctl daemon-reload',
  },
  {
    name: 'a unit with another command than the drop-in repeats',
    script: `sed 's#-H fd://#-H fd:// --label=a=b#' /lib/systemd/system/docker.service >/etc/systemd/system/docker.service; systemctl daemon-reload`,
    finds: ['DM613'],
    repair: 'rm /etc/systemd/system/docker.service; systemctl daemon-reload',
  },
  {
    name: 'a program that is elsewhere after an update, while the drop-in starts it where it was',
    script: `mv /usr/sbin/dockerd /usr/bin/; sed 's#/usr/sbin/dockerd#/usr/bin/dockerd#' /lib/systemd/system/docker.service >/etc/systemd/system/docker.service; systemctl daemon-reload`,
    finds: ['DM612'],
    repair: 'mv /usr/bin/dockerd /usr/sbin/; rm /etc/systemd/system/docker.service; systemctl daemon-reload',
  },
  {
    name: 'a swarm',
    script: 'docker swarm init --advertise-addr 127.0.0.1 >/dev/null',
    finds: ['DM138'],
    repair: 'docker swarm leave --force',
  },
  {
    name: 'containers that a restart stops',
    script:
      'docker run --detach --network none --stop-signal KILL --name c1 busybox:test sleep 600 >/dev/null',
    finds: ['DM610'],
    repair: 'docker rm -f c1',
  },
  {
    name: 'a second engine, without TLS',
    script:
      'mkdir -p /root/e2 && echo "{}" >/root/e2/daemon.json && systemd-run --quiet --unit=e2 /usr/sbin/dockerd --config-file /root/e2/daemon.json -H unix:///root/e2/s -H tcp://127.0.0.1:2377 --tls=false --data-root /root/e2/d --exec-root /run/e2 --pidfile /root/e2/p --bridge=none --iptables=false --ip6tables=false --storage-driver=vfs; for i in $(seq 200); do docker -H unix:///root/e2/s version >/dev/null 2>&1 && break; sleep 0.2; done',
    finds: ['DM101', 'DM615'],
    repair: 'systemctl stop e2',
  },
  {
    name: 'an engine whose program has another name, without TLS',
    script:
      'mkdir -p /root/e5 && ln -sf /usr/sbin/dockerd /root/e5/engine-29 && echo "{}" >/root/e5/daemon.json && systemd-run --quiet --unit=e5 /root/e5/engine-29 --config-file /root/e5/daemon.json -H unix:///root/e5/s -H tcp://127.0.0.1:2381 --tls=false --data-root /root/e5/d --exec-root /run/e5 --pidfile /root/e5/p --bridge=none --iptables=false --ip6tables=false --storage-driver=vfs; for i in $(seq 200); do docker -H unix:///root/e5/s version >/dev/null 2>&1 && break; sleep 0.2; done',
    finds: ['DM101', 'DM615'],
    repair: 'systemctl stop e5',
  },
  {
    name: 'an engine of a container with the network of the host, without TLS',
    script:
      'mkdir -p /root/e4 && echo "{}" >/root/e4/daemon.json && systemd-run --quiet --unit=e4 unshare --mount --pid --fork --kill-child /usr/sbin/dockerd --config-file /root/e4/daemon.json -H unix:///root/e4/s -H tcp://0.0.0.0:2379 --tls=false --data-root /root/e4/d --exec-root /run/e4 --pidfile /root/e4/p --bridge=none --iptables=false --ip6tables=false --storage-driver=vfs; for i in $(seq 200); do docker -H unix:///root/e4/s version >/dev/null 2>&1 && break; sleep 0.2; done',
    finds: ['DM101'],
    repair: 'systemctl stop e4',
  },
  {
    name: 'the socket of the engine behind a port',
    script: `systemd-run --quiet --unit=forward /usr/local/bin/node -e "require('net').createServer((a) => { const b = require('net').connect('/run/docker.sock'); a.pipe(b).pipe(a); for (const each of [a, b]) each.on('error', () => {}); }).listen(2375)"; for i in $(seq 200); do docker -H tcp://127.0.0.1:2375 version >/dev/null 2>&1 && break; sleep 0.2; done`,
    finds: ['DM101'],
    repair: 'systemctl stop forward',
  },
  {
    name: 'the socket of the engine behind a port of one address',
    script: `systemd-run --quiet --unit=forward2 /usr/local/bin/node -e "require('net').createServer((a) => { const b = require('net').connect('/run/docker.sock'); a.pipe(b).pipe(a); for (const each of [a, b]) each.on('error', () => {}); }).listen(2375, '127.0.0.9')"; for i in $(seq 200); do docker -H tcp://127.0.0.9:2375 version >/dev/null 2>&1 && break; sleep 0.2; done`,
    finds: ['DM101'],
    repair: 'systemctl stop forward2',
  },
];
