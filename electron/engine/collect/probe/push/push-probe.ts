import type { PushCheckConfig } from '../../../config/index.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure } from '../run-probe.ts';
import type { ProbeRun } from '../run-probe.ts';
import { runService } from '../run-service.ts';
import { hashToken } from './push-book.ts';
import { dueAt, judgePush } from './push-state.ts';
import type { PushState } from './push-state.ts';

/** Looks whether a job has reported in time: a dead man's switch. It asks nobody. */
export const createPushProbe: CreateProbe<PushCheckConfig> = (config, timeoutMs, { clock, revealSecret, pushes }) => {
  const setting = { clock, address: 'The job', timeoutMs, thresholds: config.thresholds };
  let expected: { readonly hash: string; readonly end: () => void } | null = null;
  let isClosed = false;

  const expectReports = async (): Promise<string> => {
    if (pushes === undefined) throw new ProbeFailure('unknown', 'absent', 'This program takes no reports.');
    const { token } = config;
    const reading = token.kind === 'secret' ? await revealSecret(token.secret) : null;
    if (reading?.ok === false) throw new ProbeFailure('unknown', 'secret', reading.message);
    const hash = token.kind === 'hash' ? token.sha256 : hashToken(reading?.value ?? '');
    if (expected?.hash === hash || isClosed) return hash;
    expected?.end();
    expected = { hash, end: pushes.expect(hash) };
    return hash;
  };
  // A report may come before the first look. A secret that cannot be read is told by the first look.
  void expectReports().catch((error: unknown) => {
    if (!(error instanceof ProbeFailure)) throw error;
  });

  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const hash = await expectReports();
        if (pushes === undefined) throw new ProbeFailure('unknown', 'absent', 'This program takes no reports.');
        pushes.beat();
        const state = pushes.state(hash);
        describe(state, config, run);
        return judgePush(state, config, clock.now());
      }),
    close() {
      isClosed = true;
      expected?.end();
    },
  };
};

function describe(state: PushState, { schedule }: PushCheckConfig, run: ProbeRun): void {
  const { last, startedAt, runMs, reports } = state;
  run.add('vedette_check_push_reports_total', reports);
  if (last !== null) {
    run.add('vedette_check_push_last_report_timestamp_seconds', last.at / 1000);
    run.note('lastReport', new Date(last.at).toISOString());
    if (last.message !== '') run.note('message', last.message);
  }
  if (startedAt !== null) run.note('runningSince', new Date(startedAt).toISOString());
  if (runMs !== null) {
    run.add('vedette_check_push_run_seconds', runMs / 1000);
    run.note('runTime', `${(runMs / 1000).toFixed(1)} s`);
  }
  const due = dueAt(schedule, state);
  if (due !== null) run.note('nextReportDue', new Date(due).toISOString());
}
