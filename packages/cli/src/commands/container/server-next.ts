import { shellWord } from '../../words.ts';

/** What is left to do on the host, to copy and paste; none of it can be done, or even seen, from in here. */
export function serverNext(certs: string, isChanged: boolean): string {
  const restart = isChanged
    ? 'restart the engine: it reads its certificates at its start, and only then'
    : 'nothing, if the engine was restarted since the last change';
  return `next, on the host: ${restart}
  systemd: once, take "-H fd://" out of its command, which clashes with "hosts" in daemon.json (the engine would not
  start); the unit cannot be seen from in here, and "systemctl cat docker.service" shows it:
    mkdir -p /etc/systemd/system/docker.service.d
    systemctl cat docker.service | sed -n 's| -H fd://||; s|^ExecStart=/|[Service]\\nExecStart=\\n&|p' > /etc/systemd/system/docker.service.d/docker-mtls.conf
    systemctl daemon-reload && systemctl restart docker.service
  started by hand, as in the book:
    pkill dockerd
    dockerd &>/docker.log &
then the client's files:
  docker container run -v ${shellWord(certs)}:/certs docker-mtls:client
`;
}
