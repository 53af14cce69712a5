import { hash } from 'node:crypto';
import fs from 'node:fs';
import {
  createAuthority,
  createCrl,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  planValidity,
} from '@docker-mtls/ca';
import { clientReader } from '../../packages/authz/dist/identity/client.js';
import { parseRevocations } from '../../packages/authz/dist/identity/revocations.js';
import { judge } from '../../packages/authz/dist/judge/judge.js';
import { parseCall } from '../../packages/authz/dist/protocol/call.js';
import { median } from './median.js';

const CALLS = 10_000;
const FEW = 10;
const MANY = 100_000;
const RELOADS = 9;
/** Nothing in these calls needs the engine. */
const NO_ENGINE = { get: () => Promise.reject(new Error('asked the engine')), close: () => undefined };

/**
 * Microseconds of CPU for a call of the engine as the plugin receives it, from its JSON to the decision with all risks: of a read and
 * of a create, with 10 revoked certificates and with 100,000; and milliseconds for which requests wait at most when such a list
 * replaces another one.
 */
export async function measurePluginCalls(policy, { read, create }) {
  const now = new Date();
  const ca = makeCa(now);
  const [few, many] = [FEW, MANY].map((count) => makeList(ca, count, now));
  const revocations = await parseRevocations(many, [ca.certificate]);
  const pauses = [];
  for (let index = 0; index < RELOADS; index += 1) pauses.push(await pauseOf(ca, many));
  const settings = {
    policy,
    readClient: clientReader([ca.certificate]),
    revocations: await parseRevocations(few, [ca.certificate]),
    locks: [],
  };
  const calls = { read: callOf(read, makeClient(ca, now)), create: callOf(create, makeClient(ca, now)) };
  return {
    read: await perCall(calls.read, settings),
    create: await perCall(calls.create, settings),
    readRevoked: await perCall(calls.read, { ...settings, revocations }),
    revoked: MANY,
    reload: median(pauses),
    targets: { read: 20, create: 200, reload: 50 },
  };
}

function makeCa(now) {
  const profile = profileOf('ca');
  const keyPair = generateKeyPair('ec-p256');
  return createAuthority({ name: 'bench CA', profile, keyPair, validity: planValidity({ profile, now }) });
}

function makeClient(ca, now) {
  const profile = profileOf('client');
  const validity = planValidity({ profile, issuer: ca.certificate, now });
  const { publicKey } = generateKeyPair('ec-p256');
  return issueCertificate(ca, { profile, commonName: 'dan', sans: [], publicKey, validity }).pem;
}

function makeList(ca, count, now) {
  const revoked = Array.from({ length: count }, (_, index) => ({
    serial: `5${index.toString(16).padStart(31, '0')}`,
    revokedAt: now,
  }));
  const nextUpdate = new Date(now.getTime() + 30 * 24 * 60 * 60 * 1000);
  return Buffer.from(createCrl(ca, { number: 1, thisUpdate: now, nextUpdate, revoked }).pem);
}

function profileOf(kind) {
  const file = new URL(`../../certs-template/profiles/${kind}.json`, import.meta.url);
  return parseProfile(kind, JSON.parse(fs.readFileSync(file, 'utf8')));
}

/** As dockerd writes it. */
function callOf({ method, uri, headers, body }, pem) {
  const certificate = Buffer.from(pem).toString('base64');
  return Buffer.from(
    JSON.stringify({
      User: 'dan',
      UserAuthNMethod: 'TLS',
      RequestMethod: method,
      RequestUri: uri,
      ...(body !== undefined && { RequestBody: Buffer.from(body).toString('base64') }),
      RequestHeaders: headers,
      RequestPeerCertificates: [certificate],
    }),
  );
}

/**
 * The longest piece of work. By the clock: on a machine with something else to do it is longer, and CPU time would count what other
 * threads collect.
 */
async function pauseOf(ca, list) {
  let [longest, start] = [0, performance.now()];
  const pause = async () => {
    longest = Math.max(longest, performance.now() - start);
    await new Promise((resolve) => setImmediate(resolve));
    start = performance.now();
  };
  await parseRevocations(list, [ca.certificate], pause);
  hash('sha256', list, 'hex');
  await pause();
  return longest;
}

async function perCall(bytes, settings) {
  const now = Date.now();
  const once = async () => {
    const judgement = await judge(parseCall(bytes), NO_ENGINE, { settings, now });
    if (!judgement.allow) throw new Error(judgement.reason);
  };
  for (let index = 0; index < CALLS; index += 1) await once();
  const start = process.cpuUsage();
  for (let index = 0; index < CALLS; index += 1) await once();
  return cpuSince(start) / CALLS;
}

/** Microseconds of CPU time: what others do on the machine does not count. */
function cpuSince(start) {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
