import { readFile } from 'node:fs/promises';
import { readCheckRecord, readDayUptimes } from '../services/check-record.ts';
import { describeService } from '../services/describe-service.ts';
import { addCheck, addProbe, addScrapeTarget, loadConfiguration, saveConfiguration } from '../config/index.ts';
import { languageChecks } from '../language-checks.ts';
import type { EngineParts } from '../engine-parts.ts';
import { readServices, readWatched } from '../services/read-services.ts';
import { recogniseAddress } from '../services/recognise-address.ts';
import {
  beatOfResult,
  checkId,
  detailOfCheck,
  detailOfTarget,
  serviceOfCheck,
  serviceOfTarget,
  targetId,
} from '../services/services-view.ts';
import { contractOf, wireProblem } from './implementer.ts';

export function serviceCalls(parts: EngineParts) {
  const { services } = contractOf;
  const { checks, configuration, pause, metrics, clock } = parts;

  return {
    list: services.list.handler(() => readServices(parts)),
    get: services.get.handler(async ({ input, errors }) => {
      const { targets, histories } = await readWatched(parts);
      const check = checks.checks().find((one) => checkId(one) === input.id);
      if (check !== undefined) {
        const service = serviceOfCheck(check, readDayUptimes(parts), pause.isPaused());
        const record = readCheckRecord(parts, check.name);
        return detailOfCheck(service, check, record, describeService(configuration.current(), { check: check.name }));
      }
      const target = targets.find((one) => targetId(one) === input.id);
      if (target === undefined)
        throw errors.NOT_FOUND({ message: `Nothing that is watched has the name ${input.id}.` });
      const service = serviceOfTarget(target, histories, pause.isPaused());
      return detailOfTarget(
        service,
        target,
        histories,
        describeService(configuration.current(), { job: target.scrapePool }),
      );
    }),
    discoveries: services.discoveries.handler(async () => {
      const { discoveries, dropped } = await metrics().discoveries();
      return {
        discoveries: discoveries.map(({ jobName, lastError, ...rest }) => ({
          job: jobName,
          ...rest,
          error: lastError === '' ? null : lastError,
        })),
        dropped: dropped.filter(({ count }) => count > 0),
      };
    }),
    checkNow: services.checkNow.handler(async ({ input, errors }) => {
      const name = input.id.startsWith('check:') ? input.id.slice('check:'.length) : null;
      if (name !== null) {
        const status = await checks.runNow(name);
        const result = status?.history.at(-1);
        if (result === undefined) throw errors.NOT_FOUND({ message: `There is no check "${name}".` });
        return beatOfResult(result);
      }
      const target = await metrics().scrapeNow({ id: input.id });
      if (target === null) throw errors.NOT_FOUND({ message: `Nothing that is watched has the name ${input.id}.` });
      return {
        at: target.lastScrapeAt ?? clock.now(),
        state: target.health,
        durationMs: target.lastScrapeDurationMs,
        message: target.lastError === '' ? null : target.lastError,
      };
    }),
    add: services.add.handler(async ({ input, errors, signal }) => {
      const { file } = configuration.current();
      if (file === null)
        throw errors.UNAVAILABLE({ message: 'The program runs without a configuration file to add to.' });
      const recognised = await recogniseAddress(input.address, signal);
      if (!recognised.ok)
        throw errors.BAD_EXPRESSION({ message: recognised.message, data: { line: null, column: null } });
      const { value } = recognised;
      const previous = await readFile(file, 'utf8');
      const edited =
        value.kind === 'target'
          ? addScrapeTarget(previous, {
              job: input.name ?? value.name,
              target: value.target,
              path: value.path,
              scheme: value.scheme,
            })
          : addCheck(previous, { name: input.name ?? value.name, url: value.url });
      if (!edited.ok) throw errors.BAD_CONFIG({ data: { problems: edited.problems.map(wireProblem) } });
      const saved = await saveConfiguration(file, edited.text, previous);
      if (!saved.ok) throw errors.CONFLICT({ message: saved.message });
      const problems = await configuration.reload();
      if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      return value.kind === 'target'
        ? { id: `target:${input.name ?? value.name}/${value.target}`, kind: value.kind }
        : { id: `check:${input.name ?? value.name}`, kind: value.kind };
    }),
    addCheck: services.addCheck.handler(async ({ input, errors }) => {
      const { file } = configuration.current();
      if (file === null)
        throw errors.UNAVAILABLE({ message: 'The program runs without a configuration file to add to.' });
      const previous = await readFile(file, 'utf8');
      const { name, kind, settings, interval } = input;
      const edited = addProbe(previous, {
        name,
        kind,
        entry: settings,
        ...(interval === undefined ? {} : { interval }),
      });
      if (!edited.ok) throw errors.BAD_CONFIG({ data: { problems: edited.problems.map(wireProblem) } });
      // A form is filled in by hand: what is wrong in it must not reach the file.
      const loaded = await loadConfiguration({
        file,
        environment: process.env,
        ...languageChecks,
        readFile: (path) => (path === file ? Promise.resolve(edited.text) : readFile(path, 'utf8')),
      });
      if (!loaded.ok) throw errors.BAD_CONFIG({ data: { problems: loaded.problems.map(wireProblem) } });
      const saved = await saveConfiguration(file, edited.text, previous);
      if (!saved.ok) throw errors.CONFLICT({ message: saved.message });
      const problems = await configuration.reload();
      if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      return { id: `check:${name}` };
    }),
  };
}
