const MAINTAINER = 'docker-mtls maintainers <maintainers@docker-mtls.example.org>';

/** A version as Debian orders it: 1.0.0-rc.1 comes before 1.0.0 where it is written 1.0.0~rc.1. */
export function debianVersion(version) {
  return version.replace('-', '~');
}

/** `size` is in kilobytes. What the program needs of the C and C++ libraries is what Node needs of them. */
export function control({ architecture, size, version }) {
  return `Package: docker-mtls
Version: ${debianVersion(version)}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 7)
Suggests: docker.io | docker-ce
Enhances: docker.io, docker-ce
Section: admin
Priority: optional
Description: certificate authority and mutual TLS for Docker engines
 docker-mtls turns an open or unreachable Docker engine into one that only
 named clients with your certificates can use, with one command, and proves
 it. It makes the certificate authority, issues certificates to engines and
 clients, merges the configuration of the engine, and reverts it on request.
 .
 The program holds its own Node.js and needs none on the machine. It is also a
 plugin of the Docker command line: docker mtls.
`;
}

/** Debian's changelog, from the one in Keep a Changelog's format. What is unreleased there belongs to this version. */
export function debianChangelog(text, { version, released }) {
  const sections = text.split(/^## /m).slice(1);
  return sections.map((section) => entry(section, version, released)).join('\n');
}

function entry(section, version, released) {
  const [, name = '', date] = /^\[([^\]]+)\](?: - (\S+))?/.exec(section) ?? [];
  const isCurrent = name === 'Unreleased';
  const moment = isCurrent || date === undefined ? released : new Date(`${date}T00:00:00Z`);
  const changes = [...section.matchAll(/^- ((?:.+\n)(?: {2}.+\n)*)/gm)].map(([, change]) => bullet(change));
  const title = `docker-mtls (${debianVersion(isCurrent ? version : name)}) unstable; urgency=medium`;
  return `${title}\n\n${changes.join('')}\n -- ${MAINTAINER}  ${moment.toUTCString().replace('GMT', '+0000')}\n`;
}

/** At most 76 columns, the lines after the first indented. */
function bullet(text) {
  const lines = [''];
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    const last = lines.at(-1);
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + word.length < 72) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `  * ${lines.join('\n    ')}\n`;
}
