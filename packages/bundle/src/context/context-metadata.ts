import { quoteJson } from '@docker-mtls/errors';
import { BundleError } from '../error.ts';
import { isDeeperThan, toGoJson, type GoJson } from './go-json.ts';

type JsonObject = { readonly [key: string]: GoJson };

// The CLI writes four; what goes through one within another would need a stack as deep.
const DEEPEST = 100;

/** What the Docker CLI keeps in a context's `meta.json`. */
export type ContextMetadata = {
  readonly name: string;
  readonly description: string;
  /** The engine: `tcp://host:port`, `ssh://user@host`, `unix:///path`; empty where the CLI was given none. */
  readonly host: string;
  readonly skipTlsVerify: boolean;
  /** What else stands under `Metadata`, and endpoints of other kinds: kept, because the CLI keeps them. */
  readonly otherMetadata: JsonObject;
  readonly otherEndpoints: JsonObject;
};

/** `meta.json`, byte for byte as the Docker CLI writes it. */
export function encodeContextMetadata(context: ContextMetadata): string {
  const { name, description, host, skipTlsVerify, otherMetadata, otherEndpoints } = context;
  const metadata = { ...otherMetadata, ...(description === '' ? {} : { Description: description }) };
  const docker = { ...(host === '' ? {} : { Host: host }), SkipTLSVerify: skipTlsVerify };
  const members = [
    ['Name', name],
    ['Metadata', metadata],
    ['Endpoints', { ...otherEndpoints, docker }],
  ] as const;
  const written = members.map(([key, value]) => `"${key}":${toGoJson(value)}`);
  return `{${written.join(',')}}`;
}

/** Reads `meta.json` as strictly as its use allows. Code: `BUNDLE_CONTEXT_INVALID`. */
export function decodeContextMetadata(data: Buffer): ContextMetadata {
  const root = object(parse(data), 'it');
  const { Description: description = '', ...otherMetadata } = object(
    member(root, 'Metadata') ?? {},
    'Metadata',
  );
  const { docker = {}, ...otherEndpoints } = object(member(root, 'Endpoints') ?? {}, 'Endpoints');
  const endpoint = object(docker, 'Endpoints.docker');
  return {
    name: string(member(root, 'Name') ?? '', 'Name'),
    description: string(description, 'Metadata.Description'),
    host: string(member(endpoint, 'Host') ?? '', 'Endpoints.docker.Host'),
    skipTlsVerify: boolean(member(endpoint, 'SkipTLSVerify') ?? false, 'Endpoints.docker.SkipTLSVerify'),
    otherMetadata,
    otherEndpoints,
  };
}

function parse(data: Buffer): GoJson {
  const json = parseJson(data);
  if (isDeeperThan(DEEPEST, json)) throw invalid(`it is nested more than ${DEEPEST} levels deep`);
  return json;
}

function parseJson(data: Buffer): GoJson {
  try {
    // Go takes no byte order mark.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)) as GoJson;
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
}

/**
 * Go matches the names of fields whatever their case, and takes the long s and the Kelvin sign for letters; two that
 * match would be read differently by each reader.
 */
function member(of: JsonObject, name: string): GoJson | undefined {
  const isName = new RegExp(`^${name}$`, 'iu');
  const keys = Object.keys(of).filter((key) => isName.test(key));
  if (keys.length > 1) throw invalid(`it has ${name} twice`);
  return keys[0] === undefined ? undefined : of[keys[0]];
}

function object(value: GoJson, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid(`${what} is not an object`);
}

function string(value: GoJson, what: string): string {
  if (typeof value === 'string') return value;
  throw invalid(`${what} is ${quoteJson(value)}, not a string`);
}

function boolean(value: GoJson, what: string): boolean {
  if (typeof value === 'boolean') return value;
  throw invalid(`${what} is ${quoteJson(value)}, not true or false`);
}

function invalid(reason: string, cause?: unknown): BundleError {
  return new BundleError('BUNDLE_CONTEXT_INVALID', `the context's meta.json cannot be read: ${reason}`, {
    hint: 'export the context again, or make a new one with docker context create',
    cause,
  });
}
