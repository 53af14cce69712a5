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

function moduleOf(name) {
  const names = Object.keys(load(name)).filter((key) => /^[a-z_$][\w$]*$/i.test(key) && key !== 'default');
  const values = names.map((key) => `const ${key}_ = /* @__PURE__ */ (() => it.${key})();`);
  const list = names.map((key) => `${key}_ as ${key}`).join(', ');
  return `const it = require('${name}');\nexport default it;\n${values.join('\n')}\nexport { ${list} };`;
}
