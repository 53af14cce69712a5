/** Why there is no connection, as a clause that can follow a colon. */
export function connectionErrorText({ code = '', message }: NodeJS.ErrnoException): string {
  return CONNECTION[code] ?? message;
}

/** errno(3), as connect(2) uses it, and what looking up a name brings. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'there is no route to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'the connection was not answered in time',
  EADDRNOTAVAIL: 'this machine has no address to connect from',
  EINVAL: 'the address is not one to connect to',
  EACCES: 'the system does not allow the connection',
  EPERM: 'a firewall of this machine does not allow the connection',
  EMFILE: 'this process has too many open files',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name could not be looked up',
  ENOENT: 'there is no such socket',
  ENOTSOCK: 'it is not a socket',
};

/** Why a certificate or a handshake is not accepted here; `undefined` for what is not known. */
export function handshakeErrorText({ code = '' }: NodeJS.ErrnoException): string | undefined {
  return HANDSHAKE[code];
}

/** The names of Node for X509_verify_cert_error_string(3) of OpenSSL, and of what a handshake meets. */
const HANDSHAKE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate, or that of a CA of it, has expired',
  CERT_NOT_YET_VALID: 'its certificate, or that of a CA of it, is not valid yet',
  CERT_SIGNATURE_FAILURE: 'the signature of its certificate is wrong',
  CERT_CHAIN_TOO_LONG: 'its certificate has too many CAs above it',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_UNTRUSTED: 'its CA is not trusted for servers',
  CERT_REJECTED: 'its CA is marked as not for servers',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, not by the CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from another CA',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from another CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from another CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from another CA',
  INVALID_CA: 'what signed its certificate is not a CA',
  INVALID_PURPOSE: 'its certificate is not one for servers',
  PATH_LENGTH_EXCEEDED: 'more CAs are between its certificate and the root than a CA allows',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is not valid for the name that clients connect by',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_EE_KEY_TOO_SMALL: 'the key of its certificate is too small',
  ERR_SSL_CA_KEY_TOO_SMALL: 'the key of its CA is too small',
  ERR_SSL_CA_MD_TOO_WEAK: 'its certificate is signed with a hash that is too weak',
  ERR_SSL_DH_KEY_TOO_SMALL: 'its Diffie-Hellman key is too small',
  ERR_SSL_EXCESSIVE_MESSAGE_SIZE: 'a message of its handshake is too large',
  ERR_SSL_DECODE_ERROR: 'a message of its handshake cannot be read',
  ERR_SSL_UNEXPECTED_MESSAGE: 'a message of its handshake comes out of turn',
  ERR_SSL_NO_SHARED_CIPHER: 'there is no cipher that both sides know',
  HPE_HEADER_OVERFLOW: 'its headers have no end',
};
