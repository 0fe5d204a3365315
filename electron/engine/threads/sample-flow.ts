import type { RowSink } from '../collect/sample-sink.ts';
import type { Clock } from '../schedule/index.ts';

/** How much is being written. */
export interface SampleFlow {
  readonly total: number;
  readonly perSecond: number;
}

const WINDOW_MS = 60_000;

/** A sink that counts what passes. `mark` notes a moment for the rate; call it about once a second. */
export function countSamples(sink: RowSink, clock: Clock): RowSink & { mark(): void; flow(): SampleFlow } {
  let total = 0;
  let marks: { readonly at: number; readonly total: number }[] = [{ at: clock.monotonic(), total: 0 }];
  return {
    ref: (labels) => sink.ref(labels),
    append(ref, timestampMs, value) {
      total += 1;
      sink.append(ref, timestampMs, value);
    },
    appendRow(refs, timestampMs, values) {
      total += values.length;
      sink.appendRow(refs, timestampMs, values);
    },
    appendStale(ref, timestampMs) {
      sink.appendStale(ref, timestampMs);
    },
    mark() {
      const at = clock.monotonic();
      marks = [...marks.filter((mark) => at - mark.at <= WINDOW_MS), { at, total }];
    },
    flow() {
      const [first] = marks;
      const seconds = first === undefined ? 0 : (clock.monotonic() - first.at) / 1000;
      return { total, perSecond: seconds > 0 ? (total - (first?.total ?? 0)) / seconds : 0 };
    },
  };
}
