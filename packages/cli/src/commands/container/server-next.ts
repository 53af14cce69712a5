import { shellWord } from '@docker-mtls/errors';

const DROP_INS = '/etc/systemd/system/docker.service.d';

/**
 * Behind an administrator's own, which it is made from; docker-mtls on the host would put its own behind this one. It is emptied
 * first: what it had before is no source, and `>` alone empties it when systemctl may have read it already.
 */
const DROP_IN = 'zz-docker-mtls-image.conf';

/** Lines that go on in the next one are joined first. */
const WITHOUT_HOSTS = String.raw`:a; /\\$/{N; s/\\\n//; ba}; s/ (-H[ =]?|--host[ =])[^ ]+//g; s|^ExecStart=/|[Service]\nExecStart=\n&|p`;

/** What is left to do on the host, to copy and paste; none of it can be done, or even seen, from in here. */
export function serverNext(certs: string, isChanged: boolean): string {
  const restart = isChanged
    ? 'restart the engine: it reads its certificates at its start, and only then'
    : 'nothing, if the engine was restarted since the last change';
  return `next, on the host: ${restart}
  systemd: its command most likely says "-H fd://" (the unit cannot be seen from in here; systemctl cat docker.service
  shows it), and with "hosts" in daemon.json too the engine does not start. Once, take that away:
    mkdir -p ${DROP_INS} && : > ${DROP_INS}/${DROP_IN}
    systemctl cat docker.service | sed -nE '${WITHOUT_HOSTS}' > ${DROP_INS}/${DROP_IN}
    systemctl daemon-reload && systemctl restart docker.service
  started by hand, as in the book:
    pkill dockerd
    dockerd &>/docker.log &
then the client's files:
  docker container run -v ${shellWord(certs)}:/certs docker-mtls:client
`;
}
