import { labelPairs, labelsFrom, labelsKey, type Labels } from '../../../shared/model/labels.ts';
import { compileRelabel } from '../collect/relabel/index.ts';
import type { RelabelStep } from '../config/relabel-step.ts';
import { readWriteRequest } from './read-write-request.ts';
import type { QueuedRequest } from './remote-queue.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';
import { writeRequest, type OutgoingSeries } from './write-request.ts';

type Request = Pick<QueuedRequest, 'body' | 'samples'>;

/** Chooses what of a request a receiver gets, and under which labels; null when nothing is left of it. */
export type RequestRelabel = (request: Request) => Request | null;

/** A request of our own making cannot be larger. */
const MOST_BYTES = 1024 ** 3;
/** Series whose labels are remembered; beyond it they are worked out again. */
const MOST_REMEMBERED = 200_000;

/** Null where every sample is sent as it is. Source: Prometheus manual, `write_relabel_configs`. */
export function createRequestRelabel(steps: readonly RelabelStep[]): RequestRelabel | null {
  const relabel = compileRelabel(steps);
  if (relabel === null) return null;
  const remembered = new Map<string, Labels | null>();

  function relabelled(labels: Labels): Labels | null {
    const key = labelsKey(labels);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const changed = new Map(labelPairs(labels));
    const result = relabel?.(changed) === true && changed.size > 0 ? labelsFrom(changed) : null;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, result);
    return result;
  }

  return ({ body }) => {
    const chosen: OutgoingSeries[] = [];
    let samples = 0;
    for (const series of readWriteRequest(decompressSnappy(body, MOST_BYTES))) {
      const labels = relabelled(series.labels);
      if (labels === null) continue;
      chosen.push({ labels, samples: series.samples });
      samples += series.samples.length;
    }
    return samples === 0 ? null : { samples, body: compressSnappy(writeRequest(chosen)) };
  };
}
