import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * For esbuild: in CommonJS, `import fs from 'node:fs'` copies every property of `fs`, in every file that says so, which
 * takes milliseconds of each start. This hands on the module as it is, and by itself each name that is imported.
 */
export function plainBuiltins() {
  return {
    name: 'plain-builtins',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
        namespace === 'builtin'
          ? { path, external: true }
          : { path, namespace: 'builtin', sideEffects: false },
      );
      onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: moduleOf(path) }));
    },
  };
}

// They take milliseconds to load, and many commands do without: so their functions load them when they are called.
const SLOW = ['node:child_process', 'node:crypto', 'node:module', 'node:net', 'node:os', 'node:zlib'];

function moduleOf(name) {
  const names = Object.keys(load(name)).filter((key) => /^[a-z_$][\w$]*$/i.test(key) && key !== 'default');
  const values = names.map((key) => `const ${key}_ = ${valueOf(name, key)};`);
  const list = names.map((key) => `${key}_ as ${key}`).join(', ');
  const whole = SLOW.includes(name) ? 'new Proxy({}, { get: (_, key) => it()[key] })' : 'it()';
  return `const it = () => require('${name}');
export default /* @__PURE__ */ ${whole};
${values.join('\n')}
export { ${list} };`;
}

function valueOf(name, key) {
  // A class begins with a capital, and is no function to be called.
  const isFunction = typeof load(name)[key] === 'function' && /^[a-z]/.test(key);
  return isFunction && (SLOW.includes(name) || isLoadedWhenRead(name, key))
    ? `(...args) => it().${key}(...args)`
    : `/* @__PURE__ */ (() => it().${key})()`;
}

function isLoadedWhenRead(name, key) {
  return Object.getOwnPropertyDescriptor(load(name), key)?.get !== undefined;
}
