// What the compiler cannot see: purity of core and application, raw Electron IPC, SQL outside its adapter, accessible markup.
// Who may import whom is not here but in .dependency-cruiser.cjs.
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noEnum = { selector: 'TSEnumDeclaration', message: 'A union of string literals says the same and leaves nothing at run time.' };

const noSql = {
  selector: ':matches(Literal[value=/^\\s*(SELECT .+ FROM|INSERT INTO|UPDATE .+ SET|DELETE FROM|CREATE TABLE) /i], TemplateElement[value.raw=/^\\s*(SELECT .+ FROM|INSERT INTO|UPDATE .+ SET|DELETE FROM|CREATE TABLE) /i])',
  message: 'SQL is written in adapters/sqlite only.',
};

const noRawIpc = [
  {
    selector: "ImportDeclaration[source.value='electron'] ImportSpecifier[imported.name=/^ipc(Main|Renderer)$/]",
    message: 'Raw IPC belongs to adapters/ipc and the preload, where both sides parse.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(send|sendToFrame|postMessage)$/][callee.object.property.name=/^(webContents|mainFrame|senderFrame)$/]',
    message: 'Raw IPC belongs to adapters/ipc and the preload, where both sides parse.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(send|sendToFrame|postMessage)$/][callee.object.name=/^(webContents|contents|mainFrame|senderFrame)$/]',
    message: 'Raw IPC belongs to adapters/ipc and the preload, where both sides parse.',
  },
];

const impureNames = [
  ...['Date', 'performance', 'Temporal'].map((name) => ({ name, message: 'Time comes in as an Instant.' })),
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'].map((name) => ({
    name,
    message: 'Core and application own no timers: a host calls them when it is time.',
  })),
  ...['process', 'Buffer', 'require', 'console', 'fetch', 'crypto', 'globalThis'].map((name) => ({ name, message: 'Core and application know no platform.' })),
];

const noRandom = { object: 'Math', property: 'random', message: 'Randomness comes in as an argument.' };

export default defineConfig(
  globalIgnores(['out/', 'dist/', 'coverage/', 'test-results/', 'test/vectors/', 'test/golden/']),
  {
    files: ['**/*.{ts,tsx,js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-async-promise-executor': 'error',
      'no-cond-assign': 'error',
      'no-constant-condition': ['error', { checkLoops: 'none' }],
      'no-control-regex': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-loss-of-precision': 'error',
      'no-misleading-character-class': 'error',
      'no-template-curly-in-string': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-catch': 'error',
      'no-useless-escape': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'off',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }],
      'no-restricted-syntax': ['error', noEnum],
    },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Promises that nobody waits for are how a change-set is lost; telling them needs types, so only where it matters.
    files: ['src/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { project: ['tsconfig.node.json', 'tsconfig.web.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/main/adapters/sqlite/**', 'src/main/adapters/ipc/**', 'src/preload/index.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnum, noSql, ...noRawIpc] },
  },
  {
    files: ['src/main/adapters/sqlite/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnum, ...noRawIpc] },
  },
  {
    files: ['src/main/adapters/ipc/**/*.ts', 'src/preload/index.ts'],
    rules: { 'no-restricted-syntax': ['error', noEnum, noSql] },
  },
  {
    files: ['src/main/core/**/*.ts', 'src/main/application/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impureNames],
      'no-restricted-properties': ['error', noRandom],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    extends: [jsxA11y.flatConfigs.strict, reactHooks.configs.flat.recommended],
    settings: { 'jsx-a11y': { polymorphicPropName: 'component' } },
    // Warns that the React Compiler skips components with virtual rows; the compiler is not used here.
    rules: { 'react-hooks/incompatible-library': 'off' },
  },
);
