/**
 * What the engine shows of a request (moby pkg/authorization/api.go). `User` is not in it: of several common names it has the
 * last one, and the certificate says all that it says.
 */
export type EngineCall = {
  /** The client has shown a certificate that the engine accepted. */
  readonly isTls: boolean;
  readonly method: string;
  /** As it was sent: not decoded. */
  readonly uri: string;
  /** By canonical names, the last of equal ones, without those that carry credentials for registries. */
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
  /** Base64 of PEM; the client's own comes first, and others are whatever it chose to send. */
  readonly certificates: readonly string[];
  /** Of the answer, where the plugin is asked about that and the engine knows it. */
  readonly status: number | undefined;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads what the engine sent. Undefined for all that no engine sends; after a broken connection it sends nothing. */
export function parseCall(bytes: Uint8Array): EngineCall | undefined {
  const fields = parseObject(bytes);
  if (fields === undefined) return undefined;
  const {
    UserAuthNMethod: authentication = '',
    RequestMethod: method,
    RequestUri: uri,
    RequestHeaders: headers = {},
    RequestBody: body = '',
    RequestPeerCertificates: certificates = [],
    ResponseStatusCode: status,
  } = fields;
  if (authentication !== '' && authentication !== 'TLS') return undefined;
  if (!isText(method) || method === '' || !isText(uri) || uri === '' || !isText(body)) return undefined;
  if (!isObject(headers) || !Object.values(headers).every(isText)) return undefined;
  if (!Array.isArray(certificates) || !certificates.every(isText)) return undefined;
  if (status !== undefined && !Number.isInteger(status)) return undefined;
  return {
    isTls: authentication === 'TLS',
    method,
    uri,
    headers: headers as Record<string, string>,
    body,
    certificates,
    status: status as number | undefined,
  };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
