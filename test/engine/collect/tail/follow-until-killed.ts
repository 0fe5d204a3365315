import { createLogPipeline } from '../../../../electron/engine/collect/tail/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { openLogStore } from '../../../../electron/engine/store/logs/index.ts';

/** A program of its own: follow the files of a folder into a store, and say how many entries are committed. */
const [logs = '', directory = ''] = process.argv.slice(2);
const keepMs = 1e12;
const store = openLogStore({
  directory,
  clock: systemClock,
  log: (level, message) => {
    if (level === 'error') process.stdout.write(`${message}\n`);
  },
  retention: { application: keepMs, error: keepMs, business: keepMs, access: keepMs, sizeBytes: 1e12 },
  blockEntries: 150,
});
const sources = [{ name: 'app', type: 'application' as const, files: [`${logs}/*.log`], labels: {}, metrics: [] }];
const pipeline = createLogPipeline({
  sources,
  clock: systemClock,
  log: () => undefined,
  store: {
    append: (entries) => {
      store.append(entries);
    },
    checkpoints: () => store.checkpoints(),
    commit(checkpoints) {
      store.commit(checkpoints);
      process.stdout.write(`committed ${String(store.stats().lastSequence)}\n`);
    },
  },
});
for (;;) await pipeline.catchUp();
