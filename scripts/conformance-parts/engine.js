import fs from 'node:fs';
import http from 'node:http';

const KINDS = {
  containers: 'container',
  exec: 'exec',
  volumes: 'volume',
  networks: 'network',
  services: 'service',
  tasks: 'task',
  secrets: 'secret',
  configs: 'config',
};

/** How the API shows an object. */
const SHAPES = {
  container: ({ name, labels }) => ({ Id: name, Name: `/${name}`, Config: { Labels: labels } }),
  exec: ({ container, privileged, user }) => ({
    ContainerID: container,
    ProcessConfig: { privileged, user },
  }),
  volume: ({ name, labels, driver, options }) => ({
    Name: name,
    Labels: labels,
    Driver: driver,
    Options: options,
  }),
  network: ({ name, labels, driver }) => ({ Name: name, Labels: labels, Driver: driver }),
  task: ({ name, labels }) => ({ Name: name, Labels: labels }),
  service: bySpec,
  secret: bySpec,
  config: bySpec,
};

function bySpec({ name, labels }) {
  return { Spec: { Name: name, Labels: labels } };
}

/** Stands in for the engine that a plugin asks about objects: it answers as the case that it was given last says. */
export async function serveEngine(socket) {
  let current = { request: { found: [] }, unanswered: false };
  const server = http.createServer((request, response) => {
    const { status, value } = answerTo(request.url ?? '', current);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  });
  fs.rmSync(socket, { force: true });
  await new Promise((resolve) => server.listen(socket, resolve));
  return {
    answer: (each) => (current = each),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function answerTo(url, { request, unanswered }) {
  const [, folder, reference] = /^(?:\/v[0-9.]+)?\/(\w+)\/([^/?]+)/.exec(url) ?? [];
  if (url.endsWith('/version')) return { status: 200, value: { Version: '28.5.2', ApiVersion: '1.51' } };
  const kind = KINDS[folder];
  const found = request.found.find((each) => each.kind === kind && each.reference === reference);
  if (found?.object !== undefined) return { status: 200, value: SHAPES[kind](found.object) };
  return found === undefined && unanswered
    ? { status: 500, value: { message: 'no answer' } }
    : { status: 404, value: { message: `no such ${kind}` } };
}
