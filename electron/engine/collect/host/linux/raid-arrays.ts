import type { Emit } from '../host-series.ts';

/** One array of /proc/mdstat. */
export interface RaidArray {
  readonly device: string;
  readonly state: RaidState;
  readonly disks: { readonly active: number; readonly failed: number; readonly spare: number; readonly down: number };
  readonly required: number;
  /** Of 1 KiB each. */
  readonly blocks: number;
  readonly blocksSynced: number;
}

const RAID_STATES = ['active', 'inactive', 'recovering', 'resync', 'check'] as const;
type RaidState = (typeof RAID_STATES)[number];

/**
 * `md0 : active raid1 sdb1[1] sda1[0](F)`, below it `1953 blocks … [2/1] [_U]`, and while it works on itself
 * `[=>…] recovery = 8.5% (167/1953) …`. Source: the kernel's md.c, status functions; procfs, mdstat.go.
 */
export function parseRaidArrays(text: string): RaidArray[] {
  return text.split(/\n(?=\S)/).flatMap((section) => {
    const [head = '', ...rest] = section.split('\n');
    const found = /^(md\S*) : (active|inactive)(.*)$/.exec(head);
    if (found === null) return [];
    const [, device = '', activity = '', members = ''] = found;
    const body = rest.join('\n');
    const blocks = Number(/(\d+) blocks/.exec(body)?.[1] ?? 0);
    const disks = [...members.matchAll(/\S+\[\d+\]((?:\(\w\))*)/g)].map(([, marks = '']) => marks);
    const failed = disks.filter((marks) => marks.includes('(F)')).length;
    const spare = disks.filter((marks) => marks.includes('(S)')).length;
    const counts = /\[(\d+)\/(\d+)\] \[[U_]+\]/.exec(body);
    const required = counts === null ? disks.length - spare : Number(counts[1]);
    const active = counts === null ? disks.length - spare - failed : Number(counts[2]);
    const work = /(recovery|reshape|resync|check)\s*=\s*[\d.]+%\s*\((\d+)\/\d+\)/.exec(body);
    const isWaiting = /(recovery|resync|check)\s*=\s*(PENDING|DELAYED)/.test(body);
    return [
      {
        device,
        state: work === null ? (activity as 'active' | 'inactive') : stateOf(work[1] ?? ''),
        disks: { active, failed, spare, down: Math.max(0, required - active) },
        required,
        blocks,
        blocksSynced: work === null ? (isWaiting ? 0 : blocks) : Number(work[2]),
      },
    ];
  });
}

function stateOf(work: string): RaidState {
  return work === 'recovery' ? 'recovering' : work === 'check' ? 'check' : 'resync';
}

/** Source: node_exporter, mdadm_linux.go. */
export function emitRaidArrays(arrays: readonly RaidArray[], emit: Emit): void {
  for (const { device, state, disks, required, blocks, blocksSynced } of arrays) {
    for (const known of RAID_STATES) emit('node_md_state', ['device', device, 'state', known], known === state ? 1 : 0);
    for (const [kind, count] of Object.entries(disks)) emit('node_md_disks', ['device', device, 'state', kind], count);
    emit('node_md_disks_required', ['device', device], required);
    emit('node_md_blocks', ['device', device], blocks);
    emit('node_md_blocks_synced', ['device', device], blocksSynced);
  }
}
