/**
 * Variables that Node reads before any code of the program runs, and that no setting of a single executable stops: they
 * have it load compiled code without a signature, data or certificates from a folder, speak through a proxy, write what
 * it ran into a folder, or end.
 */
const NAMES = [
  'ICU_TIMEZONE_FILES_DIR',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_ICU_DATA',
  'NODE_REDIRECT_WARNINGS',
  'NODE_REPL_EXTERNAL_MODULE',
  'NODE_USE_ENV_PROXY',
  'NODE_USE_SYSTEM_CA',
  'NODE_V8_COVERAGE',
  'OPENSSL_ENGINES',
  'OPENSSL_MODULES',
];

/** Takes these names out of a Node binary: each becomes empty, and the C library finds no variable of that name. */
export function withoutVariables(binary) {
  const changed = Buffer.from(binary);
  for (const name of NAMES) changed[placeOf(binary, name)] = 0;
  return changed;
}

function placeOf(binary, name) {
  const text = Buffer.from(`${name}\0`);
  // In the snapshot of Node's JavaScript, V8 writes the length of a name before it: that one is no variable.
  const places = placesIn(binary, text).filter(
    (at) => binary[at - 1] === 0 && binary.readUInt32LE(at - 4) !== name.length,
  );
  if (places.length !== 1)
    throw new Error(`this Node names ${name} in another way: look for how it reads the variable`);
  return places[0];
}

function placesIn(binary, text, from = 0) {
  const at = binary.indexOf(text, from);
  return at === -1 ? [] : [at, ...placesIn(binary, text, at + 1)];
}
