import { labelsFrom, METRIC_NAME, NO_LABELS } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Expr } from '../syntax/expr.ts';
import { newColumn } from './column.ts';
import type { Sink } from './column.ts';
import { eachColumn } from './evaluate.ts';
import type { Frame, Run } from './run.ts';
import { eachTrack, rangeVector, slide } from './windows.ts';

/** `absent` and `absent_over_time`: 1 at the steps at which the argument has no series at all. */
export async function absentCall(arg: Expr, overTime: boolean, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const result = newColumn(labelsOfAbsent(arg), frame.count);
  result.values.fill(1);
  result.present.fill(1);
  const clear = (present: Uint8Array): undefined => {
    for (let i = 0; i < present.length; i++) if (present[i] === 1) result.present[i] = 0;
    return undefined;
  };
  if (overTime) {
    await eachTrack(rangeVector(arg), frame, run, async (track, shape) => {
      const column = await slide(track, shape, 1, () => 1, run);
      if (column !== null) clear(column.present);
    });
  } else await eachColumn(arg, frame, run, ({ present }) => clear(present));
  if (result.present.includes(1)) await sink(result);
}

/** The labels that the absent series would surely have: those the selector demands by `=`, once. */
function labelsOfAbsent(arg: Expr): Labels {
  const selector = arg.kind === 'matrix' ? arg.selector : arg;
  if (selector.kind !== 'selector') return NO_LABELS;
  const matchers = selector.matchers.filter(({ name }) => name !== METRIC_NAME);
  const sure = matchers.filter(
    ({ name, operator }) => operator === '=' && matchers.filter((other) => other.name === name).length === 1,
  );
  return labelsFrom(sure.map(({ name, value }): [string, string] => [name, value]));
}
