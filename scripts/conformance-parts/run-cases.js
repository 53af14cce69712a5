import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { serveEngine } from './engine.js';
import { certificateName } from './prepare.js';

/** Asks the plugin about each case, as an engine asks it. Without an engine's socket, those that need its answers are skipped. */
export async function runCases(cases, { certificates, socket, engine }) {
  const found = engine === undefined ? undefined : await serveEngine(engine);
  const failed = [];
  let skipped = 0;
  try {
    await post(socket, '/Plugin.Activate', '');
    for (const each of cases) {
      if (isSkipped(each, found)) skipped += 1;
      else {
        found?.answer(each);
        const problem = await problemWith(each, { certificates, socket });
        if (problem !== undefined) failed.push(failureOf(each, problem));
      }
    }
  } finally {
    await found?.close();
  }
  return { passed: cases.length - failed.length - skipped, failed, skipped };
}

/** What the engine's version says about archives is asked once, when the plugin starts. */
function isSkipped({ request, unanswered }, engine) {
  if (request.engine.unpacksSafely) return true;
  return engine === undefined && (unanswered || request.found.length > 0);
}

function failureOf({ line, about, variant, expected }, problem) {
  return { line, about, request: variant, expected, problem };
}

async function problemWith({ request, expected }, { certificates, socket }) {
  const { Allow: isAllowed, Msg: text } = await post(
    socket,
    '/AuthZPlugin.AuthZReq',
    callOf(request, certificates),
  );
  if ((isAllowed === true) === (expected === 'allow')) return undefined;
  return isAllowed === true ? 'allowed' : `denied: ${text}`;
}

/** moby pkg/authorization/api.go, Request. */
function callOf(request, folder) {
  const { method, uri, headers, body } = request;
  const name = certificateName(request);
  const pem = name === undefined ? undefined : fs.readFileSync(path.join(folder, 'clients', name));
  return JSON.stringify({
    ...(pem !== undefined && {
      User: request.subject.commonName,
      UserAuthNMethod: 'TLS',
      RequestPeerCertificates: [pem.toString('base64')],
    }),
    RequestMethod: method,
    RequestUri: uri,
    RequestHeaders: headers,
    ...(body !== undefined && { RequestBody: Buffer.from(body).toString('base64') }),
  });
}

function post(socketPath, target, text) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, path: target, method: 'POST' }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(text);
  });
}
