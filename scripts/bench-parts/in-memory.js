import crypto from 'node:crypto';
import fs from 'node:fs';
import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import { median } from './median.js';

const ITERATIONS = 2000;
/** Until V8 has made its mind up. */
const WARM_UP = 1000;
const TARGET = 4;

/**
 * A P-256 client, key and certificate as PEM, against the least that it could cost: making the key and one signature.
 * One process, one thread; the ways take turns, and each turn begins with another one. Microseconds, medians.
 */
export function measureInMemory() {
  const ways = { client: clientMaker(), raw: rawWork(ecdhKey), keyPair: rawWork(keyObjects) };
  const names = Object.keys(ways);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = -WARM_UP; turn < ITERATIONS; turn += 1) {
    for (let step = 0; step < names.length; step += 1) {
      const name = names[(turn + WARM_UP + step) % names.length];
      const taken = microseconds(ways[name]);
      if (turn >= 0) samples[name].push(taken);
    }
  }
  const [client, raw, keyPair] = names.map((name) => median(samples[name]));
  return { client, raw, keyPair, ratio: client / raw, target: TARGET, iterations: ITERATIONS };
}

function microseconds(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e3;
}

function clientMaker() {
  const now = new Date();
  const keyPair = generateKeyPair('ec-p256');
  const caProfile = profile('ca');
  const authority = createAuthority({
    name: 'bench CA',
    profile: caProfile,
    keyPair,
    validity: planValidity({ profile: caProfile, now }),
  });
  const client = profile('client');
  return () => {
    const key = generateKeyPair('ec-p256');
    const validity = planValidity({ profile: client, issuer: authority.certificate, now });
    const order = { profile: client, commonName: 'alice', sans: [], publicKey: key.publicKey, validity };
    return [issueCertificate(authority, order).pem, privateKeyToPem(key)];
  };
}

function profile(kind) {
  const file = new URL(`../../certs-template/profiles/${kind}.json`, import.meta.url);
  return parseProfile(kind, JSON.parse(fs.readFileSync(file, 'utf8')));
}

/** A key, and a signature over about as many bytes as a client's certificate has before it is signed. */
function rawWork(makeKey) {
  const { privateKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const bytes = crypto.randomBytes(350);
  return () => [makeKey(), crypto.sign('sha256', bytes, privateKey)];
}

function ecdhKey() {
  return crypto.createECDH('prime256v1').generateKeys();
}

function keyObjects() {
  return crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}
