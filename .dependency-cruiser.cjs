/** The layers of docs/architecture.md, as rules. Arrows may only point the way that page draws them. */
const only = (name, comment, target, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src-', pathNot: allowed },
  to: { path: target },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-plain',
      comment: 'src-shared runs in Node, Electron and the browser: no Node, no other tree',
      severity: 'error',
      from: { path: '^src-shared' },
      to: { path: ['^src-main', '^src-renderer'] },
    },
    {
      name: 'shared-no-node',
      severity: 'error',
      from: { path: '^src-shared' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-libraries',
      comment: 'the contract stands on zod and the YAML parsers alone',
      severity: 'error',
      from: { path: '^src-shared' },
      to: { path: 'node_modules', pathNot: 'node_modules/(zod|js-yaml|yaml)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'core says what it needs as ports; it has no I/O and no clock of its own',
      severity: 'error',
      from: { path: '^src-main/core' },
      to: { path: '^src-main/(?!core)' },
    },
    {
      name: 'core-no-node',
      severity: 'error',
      from: { path: '^src-main/core' },
      to: { dependencyTypes: ['core', 'npm', 'npm-optional'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'siblings-apart',
      comment: 'job types, adapters and the API meet only in core',
      severity: 'error',
      from: { path: '^src-main/(job-types|adapters|api)/' },
      to: { path: '^src-main/(job-types|adapters|api|shells)/', pathNot: '^src-main/$1/' },
    },
    {
      name: 'job-types-no-io',
      severity: 'error',
      from: { path: '^src-main/job-types' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?path$' },
    },
    {
      name: 'shells-apart',
      comment:
        'a shell may use compose.ts and shared shell parts, not another shell; headless may serve http',
      severity: 'error',
      from: { path: '^src-main/shells/(http|electron)/' },
      to: { path: '^src-main/shells/(headless|cli|electron|simulate)/', pathNot: '^src-main/shells/$1/' },
    },
    { name: 'renderer-alone', severity: 'error', from: { path: '^src-renderer' }, to: { path: '^src-main' } },
    {
      name: 'features-apart',
      comment: 'a page is made of its own feature, ui/ and lib/; only app/ knows all features',
      severity: 'error',
      from: { path: '^src-renderer/features/([^/]+)/' },
      to: { path: '^src-renderer/(features|app)/', pathNot: '^src-renderer/features/$1/' },
    },
    {
      name: 'ui-below-features',
      severity: 'error',
      from: { path: '^src-renderer/(ui|lib)/' },
      to: { path: '^src-renderer/(features|app)/' },
    },
    {
      name: 'lib-below-ui',
      severity: 'error',
      from: { path: '^src-renderer/lib/' },
      to: { path: '^src-renderer/ui/' },
    },
    {
      name: 'renderer-no-node',
      severity: 'error',
      from: { path: '^src-renderer' },
      to: { dependencyTypes: ['core'] },
    },
    only(
      'electron-place',
      'electron lives in its shell',
      '^(node_modules/)?electron(/|$)',
      '^src-main/shells/electron',
    ),
    only(
      'fastify-place',
      'fastify lives in shells/http',
      'node_modules/(fastify|@fastify)/',
      '^src-main/shells/http',
    ),
    only(
      'drivers-place',
      'drivers, timers and log writers live in adapters',
      'node_modules/(kysely|mssql|tedious|msnodesqlv8|@photostructure|node-schedule|@types/node-schedule|electron-log|exceljs|csv-stringify|nodemailer|@types/nodemailer|iconv-lite|ical\\.js)/',
      '^src-main/adapters',
    ),
    only(
      'fs-place',
      'files and child processes live in adapters',
      '^(node:)?(fs|fs/promises|child_process|worker_threads)$',
      '^src-main/(adapters|shells)',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
