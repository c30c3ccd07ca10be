// Who may import whom. Each rule says what a folder MAY reach; everything else is an error, and there is no baseline of old ones.
//
//   core/lib <- core/pki <- (core/scep | core/ca) <- application <- admin <- adapters <- hosts <- index.ts, headless.ts
//   zod <- preload/contract <- (admin | adapters/ipc | adapters/web | hosts/headless | renderer)      contract/channels <- preload/index.ts

const main = '^src/main/';
const contract = '^src/preload/contract/';
const builtin = '^(node:)?(assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|dns|domain|events|fs|http|http2|https|module|net|os|path|perf_hooks|process|punycode|querystring|readline|repl|stream|string_decoder|sys|timers|tls|tty|url|util|v8|vm|wasi|worker_threads|zlib|inspector|test|sqlite|sea)(/|$)';
const npm = (...names) => names.map((name) => `(^|/)node_modules/(@types/)?${name}/|^${name}(/|$)`);

/** `from` may reach what matches one of `may`, and nothing else. */
const only = (name, comment, from, may, fromNot) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, ...(fromNot ? { pathNot: fromNot } : {}) },
  to: { pathNot: may },
});

/** `to` is reached from `from` and from nowhere else in src. */
const guarded = (name, comment, to, from) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: from },
  to: { path: to },
});

const lib = `${main}core/lib/`;
const pki = `${main}core/pki/`;
const scep = `${main}core/scep/`;
const ca = `${main}core/ca/`;
const core = `${main}core/`;
const application = `${main}application/`;
const admin = `${main}admin/`;
const adapters = `${main}adapters/`;
const hosts = `${main}hosts/`;

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'Two files that need each other are one file, or three.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', comment: 'An import that leads nowhere.', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      comment: 'What the product needs when it runs stands in `dependencies`; the renderer is bundled, so its packages stand in `devDependencies`.',
      severity: 'error',
      from: { path: '^src/(main|preload)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'], dependencyTypesNot: ['type-only'], pathNot: npm('electron') },
    },

    only('core-lib-stands-alone', 'core/lib imports nothing but itself.', lib, [lib]),
    only('core-pki', 'X.509 and CMS know neither SCEP nor the CA; asn1js is their only package, crypto comes in as arguments.', pki, [lib, pki, ...npm('asn1js')]),
    only('core-scep', 'RFC 8894 knows nothing of what a CA decides.', scep, [lib, pki, scep]),
    only('core-ca', 'What a CA decides knows nothing of SCEP messages.', ca, [lib, pki, ca]),
    only('application', 'Use cases stand on core and ports: no adapter, no package, no platform.', application, [core, application]),
    only('admin', 'The admin door is free of transport.', admin, [core, application, admin, contract, ...npm('zod')]),
    {
      name: 'adapters-are-strangers',
      comment: 'Adapters meet in hosts/compose only.',
      severity: 'error',
      from: { path: `${adapters}([^/]+)/` },
      to: { path: adapters, pathNot: `${adapters}$1/` },
    },
    { name: 'adapters-know-no-host', comment: 'A host composes adapters, never the other way.', severity: 'error', from: { path: adapters }, to: { path: [hosts, `${main}(index|headless)\\.ts$`] } },
    {
      name: 'nothing-imports-an-entry',
      comment: 'Entry files start things when they are imported.',
      severity: 'error',
      from: {},
      to: { path: [`${main}(index|headless)\\.ts$`, '^src/preload/index\\.ts$', '^src/renderer/src/main\\.tsx$', `${adapters}[^/]+/worker\\.ts$`] },
    },
    {
      name: 'main-knows-no-renderer',
      comment: 'The window is reached through the bridge.',
      severity: 'error',
      from: { path: main },
      to: { path: ['^src/renderer/', '^src/preload/index\\.ts$'] },
    },
    { name: 'electron-knows-no-headless', comment: 'Two hosts, one composition.', severity: 'error', from: { path: `${hosts}electron/` }, to: { path: `${hosts}headless/` } },
    {
      name: 'headless-never-reaches-electron',
      comment: 'Where there is no Electron the same CA runs on plain Node.',
      severity: 'error',
      from: { path: [`${hosts}(compose|config)\\.ts$`, `${hosts}headless/`, `${main}headless\\.ts$`] },
      to: { path: [...npm('electron'), `${hosts}electron/`, `${adapters}ipc/`], reachable: true },
    },

    only('contract-is-zod-only', 'The contract imports zod and itself.', contract, [contract, ...npm('zod')], '^src/preload/contract/channels\\.ts$'),
    only('channels-are-names-only', 'The sandboxed preload carries this file: names, nothing else.', '^src/preload/contract/channels\\.ts$', ['^$']),
    only('preload', 'The bridge is electron and channel names.', '^src/preload/index\\.ts$', [...npm('electron'), '^src/preload/contract/channels\\.ts$']),
    guarded('contract-readers', 'Who speaks the admin contract.', contract, [admin, `${adapters}(ipc|web)/`, `${hosts}(headless|electron)/`, '^src/preload/', '^src/renderer/']),
    {
      name: 'menu-reads-actions-only',
      comment: 'The desktop host speaks the contract through adapters/ipc; its menu is made from the list of actions.',
      severity: 'error',
      from: { path: `${hosts}electron/` },
      to: { path: contract, pathNot: '^src/preload/contract/actions\\.ts$' },
    },
    {
      name: 'renderer-is-a-browser',
      comment: 'The window has the contract and its own files; no main, no Node, no electron.',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: [main, '^src/preload/index\\.ts$', builtin, ...npm('electron')] },
    },
    {
      name: 'renderer-features-are-strangers',
      comment: 'Features share through bridge, actions and design.',
      severity: 'error',
      from: { path: '^src/renderer/src/features/([^/]+)/' },
      to: { path: '^src/renderer/src/features/', pathNot: '^src/renderer/src/features/$1/' },
    },
    { name: 'pages-know-no-shell', comment: 'The shell holds the pages, never the other way.', severity: 'error', from: { path: '^src/renderer/src/(?!shell/|main\\.tsx$)' }, to: { path: '^src/renderer/src/shell/' } },
    { name: 'design-knows-no-feature', comment: 'Parts know nothing of what they are used for.', severity: 'error', from: { path: '^src/renderer/src/(design|bridge)/' }, to: { path: '^src/renderer/src/(features|actions)/' } },

    {
      name: 'signers-port',
      comment: 'The CA keys: issue, revocation, rollover and authorities only.',
      severity: 'error',
      from: { path: [application, admin], pathNot: `${application}(ports/|(issue|revocation|rollover|authorities)(/|\\.ts$))` },
      to: { path: `${application}ports/signers\\.ts$` },
    },
    {
      name: 'scep-keys-port',
      comment: 'The SCEP keys: application/scep only.',
      severity: 'error',
      from: { path: [application, admin], pathNot: `${application}(ports|scep)/` },
      to: { path: `${application}ports/scepKeys\\.ts$` },
    },
    {
      name: 'ocsp-keys-port',
      comment: 'The OCSP keys: application/ocsp only.',
      severity: 'error',
      from: { path: [application, admin], pathNot: `${application}(ports|ocsp)/` },
      to: { path: `${application}ports/ocspKeys\\.ts$` },
    },

    {
      name: 'courier-keys-port',
      comment: 'The keys of a pairing, and requests for keys whose CA is on the other machine: application/courier only.',
      severity: 'error',
      from: { path: [application, admin], pathNot: `${application}(ports|courier)/` },
      to: { path: `${application}ports/courierKeys\\.ts$` },
    },

    guarded('electron-at-home', 'Electron stays in its host, its adapter, the preload.', npm('electron').join('|'), [`${hosts}electron/`, `${adapters}ipc/`, `${main}index\\.ts$`, '^src/preload/index\\.ts$']),
    guarded('sqlite-at-home', 'SQL lives in adapters/sqlite.', npm('better-sqlite3').join('|'), `${adapters}sqlite/`),
    guarded('koa-at-home', 'Koa serves the two listeners.', npm('koa', 'rate-limiter-flexible').join('|'), `${adapters}(http|web)/`),
    guarded('pkijs-at-home', 'pkijs has a module-global engine and wants DOM types: import, PKCS#12 and chain validation only.', npm('pkijs').join('|'), `${adapters}crypto/`),
    guarded('keychain-at-home', 'The OS keychain is the vault\'s.', npm('@napi-rs/keyring').join('|'), `${adapters}vault/`),
    guarded('asn1js-at-home', 'ASN.1 is read in core/pki; pkijs wants it beside itself.', npm('asn1js').join('|'), [pki, `${adapters}crypto/`]),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'] },
    cache: false,
  },
};
