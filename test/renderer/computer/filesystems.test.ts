import { expect, test } from 'vitest';
import { filesystemRows } from '../../../renderer/pages/computer/filesystems.ts';

const labels = { device: '/dev/sda1', mountpoint: '/', fstype: 'ext4' };
const numbers = (values: Record<string, number>) =>
  Object.entries(values).map(([name, value]) => ({ name: `node_filesystem_${name}`, labels, value }));

test('a file system is as full as df says, and full when its pace says', () => {
  const values = numbers({ size_bytes: 1000, free_bytes: 300, avail_bytes: 200, files: 100, files_free: 25 });
  expect(filesystemRows(values, [{ name: '', labels, value: -2 }])).toEqual([
    {
      mountpoint: '/',
      fstype: 'ext4',
      sizeBytes: 1000,
      availableBytes: 200,
      usedRatio: 700 / 900,
      inodesUsedRatio: 0.75,
      fullInSeconds: 100,
    },
  ]);
});

test('one that empties, hardly fills, or counts no inodes says so', () => {
  const values = numbers({ size_bytes: 1000, free_bytes: 500, avail_bytes: 500, files: 0, files_free: 0 });
  for (const pace of [5, 0, -1e-9]) {
    expect(filesystemRows(values, [{ name: '', labels, value: pace }])).toMatchObject([
      { inodesUsedRatio: null, fullInSeconds: null },
    ]);
  }
  expect(filesystemRows(values, [])).toMatchObject([{ fullInSeconds: null }]);
});

test('a mount without an answer is left out', () => {
  expect(filesystemRows(numbers({ device_error: 1 }), [])).toEqual([]);
});
