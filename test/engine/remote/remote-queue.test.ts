import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRemoteQueue, type RemoteQueue } from '../../../electron/engine/remote/remote-queue.ts';
import { createManualClock } from '../../doubles/manual-clock.ts';

const request = (byte: number, samples = 1) => ({ samples, body: Uint8Array.of(byte) });

describe('the queue of remote write', () => {
  let folder: string;
  let queue: RemoteQueue;
  let logged: string[];
  const open = (mostBytes?: number): RemoteQueue =>
    openRemoteQueue({
      file: join(folder, 'remote-write.db'),
      clock: createManualClock(),
      log: (_level, message) => logged.push(message),
      ...(mostBytes === undefined ? {} : { mostBytes }),
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vedette-queue-'));
    logged = [];
    queue = open();
  });
  afterEach(() => {
    queue.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const drain = (receiver: string): number[] => {
    const found: number[] = [];
    for (let next = queue.next(receiver); next !== null; next = queue.next(receiver)) {
      found.push(next.body[0] as number);
      queue.confirm(receiver, next.id);
    }
    return found;
  };

  it('gives every receiver everything once, in order', () => {
    queue.setReceivers(['a', 'b']);
    queue.push([request(1), request(2)]);
    expect(drain('a')).toEqual([1, 2]);
    queue.push([request(3)]);
    expect(drain('a')).toEqual([3]);
    expect(drain('b')).toEqual([1, 2, 3]);
    expect(queue.pending('b')).toBe(0);
  });

  it('goes on after a restart with what was not confirmed', () => {
    queue.setReceivers(['a']);
    queue.push([request(1), request(2)]);
    const first = queue.next('a');
    queue.confirm('a', first?.id ?? -1);
    queue.close();
    queue = open();
    queue.setReceivers(['a']);
    expect(queue.pending('a')).toBe(1);
    expect(drain('a')).toEqual([2]);
  });

  it('begins for a new receiver with what comes from then on', () => {
    queue.setReceivers(['a']);
    queue.push([request(1)]);
    queue.setReceivers(['a', 'b']);
    queue.push([request(2)]);
    expect(drain('b')).toEqual([2]);
    expect(drain('a')).toEqual([1, 2]);
  });

  it('keeps nothing for a receiver that is gone', () => {
    queue.setReceivers(['a', 'b']);
    queue.push([request(1)]);
    drain('a');
    queue.setReceivers(['a']);
    queue.setReceivers(['a', 'b']);
    expect(queue.next('b')).toBeNull();
  });

  it('gives up the oldest when it is full, and says how much', () => {
    queue.close();
    queue = open(150);
    queue.setReceivers(['a']);
    for (let i = 0; i < 200; i++) queue.push([request(i, 10)]);
    expect(logged[0]).toContain('1000 samples');
    expect(drain('a').at(-1)).toBe(199);
  });
});
