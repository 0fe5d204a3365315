import { startEngineHere } from './engine.ts';
import { makeWorkplace } from './vedette.ts';

// Everything that the engine can open, opened and closed; the process has to end by itself.
const place = makeWorkplace();
place.write('app.log', 'one line\n');
place.write(
  'prometheus.yml',
  `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: nobody, static_configs: [{targets: ['127.0.0.1:1']}]}]
checks: [{name: nobody, interval: 1s, http: {url: 'http://127.0.0.1:1/'}}]
logs: [{name: app, type: application, files: ['*.log']}]
`,
);
place.write('rules.yml', `groups: [{name: one, rules: [{alert: Gone, expr: up == 0}]}]`);
const engine = await startEngineHere(place);
await engine.reload();
await engine.ownMetrics();
await engine.stop();
place.remove();
// Ports close with the next turn of the loop.
await new Promise((resolve) => setImmediate(resolve));
console.log(
  'stopped',
  JSON.stringify(process.getActiveResourcesInfo().filter((kind) => kind !== 'PipeWrap' && kind !== 'TTYWrap')),
);
