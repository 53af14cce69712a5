/** Behind every other drop-in's, whose settings it is made from. */
export const DROP_IN_NAME = 'zz-docker-mtls.conf';

/** Our drop-in among those of a unit: `/etc/systemd/system/docker.service.d`. */
export function dropInPath(folder: string): string {
  return `${folder}/${DROP_IN_NAME}`;
}

/** The first line of what we write. */
export const DROP_IN_MARK = '# Written by docker-mtls. `docker-mtls daemon-config undo` takes it away.';

export function isOurs(text: string): boolean {
  return text.startsWith(DROP_IN_MARK);
}

export function isDropInOfOurs(path: string): boolean {
  return path.endsWith(`.service.d/${DROP_IN_NAME}`);
}
