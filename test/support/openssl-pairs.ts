import path from 'node:path';
import { output } from './run.ts';

/** Files as Docker's documents make them, with the openssl command, without docker-mtls. */
export type OpensslFiles = {
  readonly ca: string;
  readonly server: OpensslPair;
  readonly client: OpensslPair;
};
export type OpensslPair = { readonly certificate: string; readonly key: string };

/** Makes a CA, a server pair for the loopback names and a client pair in `folder`. */
export async function opensslPairs(folder: string): Promise<OpensslFiles> {
  const openssl = (...args: string[]): Promise<string> => output('openssl', args, { cwd: folder });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl('req', '-x509', ...newKey, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=test CA');
  const issue = async (name: string, ...extensions: string[]): Promise<OpensslPair> => {
    const extra = extensions.flatMap((extension) => ['-addext', extension]);
    const request = [...newKey, '-keyout', `${name}-key.pem`, '-out', `${name}.csr`, '-subj', `/CN=${name}`];
    await openssl('req', '-new', ...request, ...extra);
    const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-copy_extensions', 'copy'];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...issuer, '-days', '2', '-out', `${name}.pem`);
    return { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}-key.pem`) };
  };
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';
  return {
    ca: path.join(folder, 'ca.pem'),
    server: await issue('server', names, 'extendedKeyUsage=serverAuth'),
    client: await issue('client', 'extendedKeyUsage=clientAuth'),
  };
}
