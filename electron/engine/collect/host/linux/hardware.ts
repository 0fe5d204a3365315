import { join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { NO_PAIRS } from '../host-series.ts';
import { listDirectory, readAttribute, readAttributeNow, readNumber } from '../sysfs.ts';

/** What a source that is not there throws, so that its collector has no success. */
export function missing(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`ENOENT: no such directory, ${path}`), { code: 'ENOENT' });
}

async function listPresent(directory: string): Promise<string[]> {
  const entries = await listDirectory(directory);
  if (entries.length === 0) throw missing(directory);
  return entries;
}

/** Label of node_dmi_info, and the file where it is called otherwise. */
const DMI_FILES: readonly (readonly [label: string, file: string])[] = [
  ...[
    'bios_date',
    'bios_release',
    'bios_vendor',
    'bios_version',
    'board_asset_tag',
    'board_name',
    'board_serial',
    'board_vendor',
    'board_version',
    'chassis_asset_tag',
    'chassis_serial',
    'chassis_vendor',
    'chassis_version',
    'product_family',
    'product_name',
    'product_serial',
    'product_sku',
    'product_uuid',
    'product_version',
  ].map((name) => [name, name] as const),
  ['system_vendor', 'sys_vendor'],
];

/** Who made the machine. Serial numbers can be read by root alone. Source: node_exporter, dmi.go. */
export async function readDmi(directory: string, emit: Emit): Promise<void> {
  await listPresent(directory);
  const labels: string[] = [];
  for (const [label, file] of DMI_FILES) {
    const text = readAttributeNow(join(directory, file));
    if (text !== null) labels.push(label, text.trim());
  }
  emit('node_dmi_info', labels, 1);
}

/** Memory errors that were corrected and that were not. Source: node_exporter, edac_linux.go. */
export async function readMemoryErrors(directory: string, emit: Emit): Promise<void> {
  for (const entry of await listDirectory(directory)) {
    const controller = /^mc(\d+)$/.exec(entry)?.[1];
    if (controller === undefined) continue;
    const give = async (path: string, name: string, labels: readonly string[]) => {
      const value = await readNumber(join(directory, entry, path));
      if (value !== null) emit(name, labels, value);
    };
    const own = ['controller', controller];
    await give('ce_count', 'node_edac_correctable_errors_total', own);
    await give('ue_count', 'node_edac_uncorrectable_errors_total', own);
    const rows = (await listDirectory(join(directory, entry))).filter((name) => /^csrow\d+$/.test(name));
    for (const row of ['', ...rows]) {
      const labels = [...own, 'csrow', row === '' ? 'unknown' : row.slice('csrow'.length)];
      const [corrected, lost] = row === '' ? ['ce_noinfo_count', 'ue_noinfo_count'] : ['ce_count', 'ue_count'];
      await give(join(row, corrected), 'node_edac_csrow_correctable_errors_total', labels);
      await give(join(row, lost), 'node_edac_csrow_uncorrectable_errors_total', labels);
    }
  }
}

/** Source: node_exporter, nvme_linux.go. */
export async function readNvme(directory: string, emit: Emit): Promise<void> {
  for (const device of await listPresent(directory)) {
    const read = async (name: string) => (await readAttribute(join(directory, device, name)))?.trim() ?? '';
    const labels = ['device', device];
    for (const [label, file] of [
      ['firmware_revision', 'firmware_rev'],
      ['model', 'model'],
      ['serial', 'serial'],
      ['state', 'state'],
    ] as const) {
      labels.push(label, await read(file));
    }
    emit('node_nvme_info', labels, 1);
  }
}

const HERTZ_PER_KILOHERTZ = 1000;

/** Clock frequencies of each CPU, by file. Source: node_exporter, cpufreq_linux.go. */
const FREQUENCIES = [
  ['cpuinfo_cur_freq', 'node_cpu_frequency_hertz'],
  ['cpuinfo_min_freq', 'node_cpu_frequency_min_hertz'],
  ['cpuinfo_max_freq', 'node_cpu_frequency_max_hertz'],
  ['scaling_cur_freq', 'node_cpu_scaling_frequency_hertz'],
  ['scaling_min_freq', 'node_cpu_scaling_frequency_min_hertz'],
  ['scaling_max_freq', 'node_cpu_scaling_frequency_max_hertz'],
] as const;

export async function readCpuFrequencies(directory: string, emit: Emit): Promise<void> {
  for (const cpu of await listCpus(directory)) {
    const scaling = join(directory, `cpu${cpu}`, 'cpufreq');
    for (const [file, name] of FREQUENCIES) {
      const kilohertz = await readNumber(join(scaling, file));
      if (kilohertz !== null) emit(name, ['cpu', cpu], kilohertz * HERTZ_PER_KILOHERTZ);
    }
    const governor = await readAttribute(join(scaling, 'scaling_governor'));
    const governors = governor === null ? null : await readAttribute(join(scaling, 'scaling_available_governors'));
    for (const known of new Set([...(governors ?? '').split(' '), governor ?? ''])) {
      if (known !== '') emit('node_cpu_scaling_governor', ['cpu', cpu, 'governor', known], known === governor ? 1 : 0);
    }
  }
}

/**
 * How often CPUs were slowed down for heat, and which are kept from the scheduler. Its own group here; node_exporter
 * has it in `cpu` (cpu_linux.go).
 */
export async function readCpuThrottles(directory: string, emit: Emit): Promise<void> {
  for (const cpu of await listCpus(directory)) {
    const read = (path: string) => readNumber(join(directory, `cpu${cpu}`, path));
    const socket = await read('topology/physical_package_id');
    const core = await read('topology/core_id');
    if (socket === null || core === null) continue;
    const ofCore = await read('thermal_throttle/core_throttle_count');
    const ofSocket = await read('thermal_throttle/package_throttle_count');
    const labels = ['core', String(core), 'package', String(socket)];
    // Threads of a core tell the same count; the first stands.
    if (ofCore !== null) emit('node_cpu_core_throttles_total', labels, ofCore);
    if (ofSocket !== null) emit('node_cpu_package_throttles_total', labels.slice(2), ofSocket);
  }
  for (const range of ((await readAttribute(join(directory, 'isolated'))) ?? '').split(',')) {
    const [first = '', last = first] = range.split('-');
    if (first === '') continue;
    for (let cpu = Number(first); cpu <= Number(last); cpu++) emit('node_cpu_isolated', ['cpu', String(cpu)], 1);
  }
}

async function listCpus(directory: string): Promise<string[]> {
  return (await listDirectory(directory)).flatMap((name) => /^cpu(\d+)$/.exec(name)?.[1] ?? []);
}

/** Energy that Intel's and AMD's processors count; readable by root alone. Source: node_exporter, rapl_linux.go. */
export async function readEnergy(directory: string, emit: Emit): Promise<void> {
  for (const zone of await listPresent(directory)) {
    if (!/^intel-rapl(-mmio)?:/.test(zone)) continue;
    const name = await readAttribute(join(directory, zone, 'name'));
    const microjoules = await readNumber(join(directory, zone, 'energy_uj'));
    if (name === null || microjoules === null) continue;
    // `package-0` is the first of several, `core` the only one.
    const [, kind = name, index = '0'] = /^(.*?)-(\d+)$/.exec(name) ?? [];
    const labels = ['index', index, 'path', `/sys/class/powercap/${zone}`];
    emit(`node_rapl_${kind.replace(/\W/g, '_')}_joules_total`, labels, microjoules / 1e6);
  }
}

/** Graphics processors of AMD, and the clock of Intel's. Source: node_exporter, drm_linux.go (`busy` is amdgpu's). */
const GRAPHICS = [
  ['gpu_busy_percent', 'node_drm_gpu_busy_percent'],
  ['mem_info_gtt_total', 'node_drm_memory_gtt_size_bytes'],
  ['mem_info_gtt_used', 'node_drm_memory_gtt_used_bytes'],
  ['mem_info_vis_vram_total', 'node_drm_memory_vis_vram_size_bytes'],
  ['mem_info_vis_vram_used', 'node_drm_memory_vis_vram_used_bytes'],
  ['mem_info_vram_total', 'node_drm_memory_vram_size_bytes'],
  ['mem_info_vram_used', 'node_drm_memory_vram_used_bytes'],
] as const;

export async function readGraphics(directory: string, emit: Emit): Promise<void> {
  for (const card of await listPresent(directory)) {
    if (!/^card\d+$/.test(card)) continue;
    const labels = ['card', card];
    for (const [file, name] of GRAPHICS) {
      const value = await readNumber(join(directory, card, 'device', file));
      if (value !== null) emit(name, labels, value);
    }
    const megahertz = await readNumber(join(directory, card, 'gt_cur_freq_mhz'));
    if (megahertz !== null) emit('node_drm_gt_frequency_hertz', labels, megahertz * 1e6);
  }
}

/** Source: node_exporter, selinux_linux.go. */
export function emitSelinux(enforcing: string | null, emit: Emit): void {
  emit('node_selinux_enabled', NO_PAIRS, enforcing === null ? 0 : 1);
  if (enforcing === null) return;
  emit('node_selinux_config_mode', NO_PAIRS, Number(enforcing));
  emit('node_selinux_current_mode', NO_PAIRS, Number(enforcing));
}
