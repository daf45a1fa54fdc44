/** Imports point down: entries -> registry -> implementations -> contracts -> authoring -> engine. */
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const rooms = 'channels|store|directory|referrals|insights';
const contract =
  '^src/(channels/channel|store/store|directory/directory|referrals/referrals|insights/insights)\\.ts$';
const entry = '^src/(main\\.ts$|cli/|studio/)';

module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }, 'Move the shared type down one layer.'),
    rule(
      'engine-is-pure',
      { path: '^src/engine/' },
      { pathNot: ['^src/engine/', '(^|/)node_modules/zod/'] },
      'The engine sees itself and zod: no Node, no log, no config.',
    ),
    rule(
      'authoring-needs-no-server',
      { path: '^src/authoring/' },
      { path: '^src/', pathNot: '^src/(authoring/|engine/|understanding/|i18n\\.ts$)' },
      'A flow must lint in CI, CLI and studio with no store and no channel.',
    ),
    rule(
      'understanding-knows-no-flows',
      { path: '^src/understanding/' },
      { path: '^src/', pathNot: '^src/(understanding/|engine/(fold|session|understand)\\.ts$)' },
      'It reads what people write, whatever it is for; the engine is given it as a value.',
    ),
    rule(
      'runtime-sees-contracts',
      { path: '^src/runtime/' },
      { path: `^src/(${rooms})/`, pathNot: contract },
      'Take the implementation as an argument; registry.ts names it.',
    ),
    rule(
      'rooms-are-strangers',
      { path: `^src/(${rooms})/` },
      { path: '^src/', pathNot: ['^src/$1/', '^src/engine/', '^src/(config|log|i18n)\\.ts$'] },
      'A channel knows no store; insights never see a referral.',
    ),
    rule(
      'one-registry',
      { path: '^src/', pathNot: [entry, '^src/registry\\.ts$'] },
      { path: '^src/registry\\.ts$' },
      'Only entries ask for implementations by name.',
    ),
    rule(
      'entries-are-leaves',
      { path: '^src/', pathNot: entry },
      { path: entry },
      'Nothing below may depend on an entry.',
    ),
    rule(
      'no-dev-deps-in-src',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev'] },
      'Move it to dependencies.',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
