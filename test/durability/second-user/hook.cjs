// Loaded into the program before anything else. Before each call about a path in the arena, the second user may act:
// no timing decides what that user can do between two calls of root.
// DM_MEDDLE: JSON of { arena, ask, answer, isPlain }. With `isPlain` the program finds no `/proc/self/fd`.
const fs = require('node:fs');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

const { arena, ask, answer, isPlain } = JSON.parse(process.env.DM_MEDDLE);
const real = { ...fs };
const CALLS =
  `access chmod chown copyFile cp exists lchown link lstat mkdir open opendir readFile readdir readlink realpath
  rename rm rmdir stat statfs symlink truncate unlink utimes writeFile`.split(/\s+/);

/** The path that a call is about, as the second user can see it. */
function resolve(word) {
  const [, descriptor, rest] = /^\/proc\/self\/fd\/(\d+)(.*)$/s.exec(word) ?? [];
  if (descriptor === undefined) return path.resolve(word);
  try {
    return path.join(real.readlinkSync(`/proc/self/fd/${descriptor}`), rest);
  } catch {
    return word;
  }
}

let channels;
let isAsking = false;

function letOtherAct(call, words) {
  const paths = words.filter((word) => typeof word === 'string').map(resolve);
  const about = paths.filter((each) => each.startsWith(`${arena}/`));
  if (about.length === 0 || isAsking) return;
  isAsking = true;
  // Each opening waits for the other side.
  channels ??= { ask: real.openSync(ask, 'w'), answer: real.openSync(answer, 'r') };
  real.writeSync(channels.ask, `${JSON.stringify({ call, paths: about })}\n`);
  real.readSync(channels.answer, Buffer.alloc(1));
  isAsking = false;
}

if (isMainThread) {
  for (const name of CALLS.map((call) => `${call}Sync`)) {
    const replaced = (...words) => {
      if (isPlain && name === 'existsSync' && words[0] === '/proc/self/fd') return false;
      const isChange = name !== 'openSync' || /[wa+]/.test(String(words[1])) || (words[1] & 0o103) !== 0;
      letOtherAct(isChange ? name : 'readSync', words.slice(0, 2));
      return real[name](...words);
    };
    fs[name] = Object.assign(replaced, real[name]);
  }
}
