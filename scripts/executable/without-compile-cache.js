const NAME = Buffer.from('NODE_COMPILE_CACHE\0');
/** How V8 writes the length of that name before it, in the snapshot of Node's JavaScript. */
const V8_LENGTH = 18;

/**
 * Takes the name of the variable NODE_COMPILE_CACHE out of a Node binary. Node would load compiled code from the folder
 * that it names, without a signature and before any code of the program runs; no setting of a single executable stops
 * that. The name becomes empty, and the C library finds no variable of that name.
 */
export function withoutCompileCache(binary) {
  const places = placesOf(binary).filter(
    (at) => binary[at - 1] === 0 && binary.readUInt32LE(at - 4) !== V8_LENGTH,
  );
  if (places.length !== 1)
    throw new Error('this Node names NODE_COMPILE_CACHE in another way: look for how it reads the variable');
  const changed = Buffer.from(binary);
  changed[places[0]] = 0;
  return changed;
}

function placesOf(binary, from = 0) {
  const at = binary.indexOf(NAME, from);
  return at === -1 ? [] : [at, ...placesOf(binary, at + 1)];
}
