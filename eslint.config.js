import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Imports that a side may not have; docs/architecture.md holds the table, test/architecture.test.ts proves it. */
const banned = (...patterns) => ({
  'no-restricted-imports': ['error', { patterns: patterns.map(([regex, message]) => ({ regex, message })) }],
});
const node = ['^node:', 'This side also runs in a browser.'];
const electron = ['^electron($|/)', 'Only electron/shell and main.ts may use Electron.'];
const engine = ['^\\.{1,2}/(.*/)?engine/', 'Only composition roots construct the engine.'];
const shell = ['^\\.{1,2}/(.*/)?shell/', 'Only main.ts uses the shell.'];
const server = ['^\\.{1,2}/(.*/)?server/', 'Only composition roots start the server.'];
const renderer = ['^\\.{1,2}/(.*/)?renderer/', 'The renderer is a program of its own.'];
const electronSide = ['^\\.{1,2}/(.*/)?electron/', 'The renderer talks through the contract only.'];

const clockMessage = 'Take a Clock (electron/engine/schedule/clock.ts), so that a test can hold time still.';
const realTime = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({ name, message: clockMessage })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: clockMessage },
    { object: 'performance', property: 'now', message: clockMessage },
    { object: 'Math', property: 'random', message: 'Take what is random as an argument.' },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clockMessage },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'release/', 'node_modules/', 'coverage/', '**/*.cjs', 'assets/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vite.config.ts', 'vitest.config.ts', 'vitest.conformance.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Columns are read by index in loops whose bounds were checked; `?? 0` there would hide a fault.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/array-type': 'off',
      // Overflows the stack on the recursive types of oRPC's routers.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Inside bounds that were checked, `as` says the type; `!` would say nothing, and is refused outside tests.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      'no-control-regex': 'off',
      eqeqeq: 'error',
    },
  },
  { files: ['shared/**'], rules: banned(node, electron, electronSide, renderer) },
  { files: ['renderer/**'], rules: banned(node, electron, electronSide) },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Everything shown comes from strangers: text nodes only.',
        },
      ],
    },
  },
  { files: ['electron/engine/**'], rules: { ...banned(electron, shell, server, renderer), ...realTime } },
  {
    files: ['electron/engine/schedule/**'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-properties': 'off', 'no-restricted-syntax': 'off' },
  },
  {
    files: ['electron/server/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: engine[0], message: engine[1], allowTypeImports: true },
            { regex: electron[0], message: electron[1] },
            { regex: shell[0], message: shell[1] },
            { regex: renderer[0], message: renderer[1] },
          ],
        },
      ],
    },
  },
  {
    files: ['electron/shell/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: engine[0], message: engine[1], allowTypeImports: true },
            { regex: server[0], message: server[1] },
            { regex: renderer[0], message: renderer[1] },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.object.name="vi"][callee.property.name=/^(mock|doMock)$/]',
          message: 'Fake at ports, not modules.',
        },
        {
          selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo)$/]',
          message: 'A test runs or does not exist.',
        },
      ],
      // Tests look at what they just made; the assertion is the check.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly', performance: 'readonly' },
    },
  },
);
