// What follows is net/url's Parse of Go, as far as it refuses.
const CONTROL = /\p{Cc}/u;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const PARTS = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const USER = /^[\w.~!$&'()*+,;=:%@-]*$/;
const NAME = /^[\w.~!$&'()*+,;=<>"-]*(?::\d*)?$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+(?:%25[\w.~-]+)?\](?::\d*)?$/;

/** Is this text a URI for Go? Its crypto/x509 reads no certificate that has another one in subjectAltName. */
export function isGoUrl(text: string): boolean {
  const [, before = '', fragment = ''] = PARTS.exec(text) ?? [];
  if (CONTROL.test(text) || BAD_ESCAPE.test(fragment) || before.startsWith(':')) return false;
  const [scheme = ''] = SCHEME.exec(before) ?? [];
  const rest = before.slice(scheme.length);
  if (!rest.startsWith('/')) return scheme !== '' || isRelativePath(rest);
  const [, authority = '', path = rest] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return isAuthority(authority) && !BAD_ESCAPE.test(path);
}

/** RFC 3986 section 4.2: a colon in the first segment would make a scheme of it. */
function isRelativePath(path: string): boolean {
  return !/^[^/]*:/.test(path) && !BAD_ESCAPE.test(path);
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@');
  const user = text.slice(0, Math.max(at, 0));
  const host = text.slice(at + 1);
  if (!USER.test(user) || BAD_ESCAPE.test(user)) return false;
  // crypto/x509 holds it to be a domain, its port included.
  return IPV6.test(host) || (NAME.test(host) && (host === '' || !host.split('.').includes('')));
}
