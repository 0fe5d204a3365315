import type { Emit } from '../host-series.ts';
import type { DiskBytes } from '../raw-reading.ts';
import type { UdevProperties } from './udev-properties.ts';

/** One line of /proc/diskstats. */
export interface DiskStats {
  readonly device: string;
  readonly major: string;
  readonly minor: string;
  /** The counters after the name, 11 to 17 of them by the age of the kernel. */
  readonly fields: readonly number[];
}

/** Partitions and memory disks: counted with, or in place of, their disk. node_exporter's default, diskstats_common.go. */
export const DISK_EXCLUDED = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

/** Source: the kernel's Documentation/admin-guide/iostats.rst. */
export function parseDiskStats(text: string): DiskStats[] {
  const disks: DiskStats[] = [];
  for (const line of text.split('\n')) {
    const words = line.trimStart().split(/ +/);
    const [major, minor, device] = words;
    if (major === undefined || minor === undefined || device === undefined || DISK_EXCLUDED.test(device)) continue;
    const fields: number[] = [];
    for (let i = 3; i < words.length; i++) fields.push(Number(words[i]));
    disks.push({ device, major, minor, fields });
  }
  return disks;
}

/** A sector of these counters is always 512 bytes, whatever the device's own is. */
const SECTOR_BYTES = 512;
const SECONDS_PER_MS = 0.001;

/** By field: the series and what one unit of the field is. Source: node_exporter, diskstats_linux.go. */
const FIELD_SERIES: readonly (readonly [name: string, unit: number])[] = [
  ['node_disk_reads_completed_total', 1],
  ['node_disk_reads_merged_total', 1],
  ['node_disk_read_bytes_total', SECTOR_BYTES],
  ['node_disk_read_time_seconds_total', SECONDS_PER_MS],
  ['node_disk_writes_completed_total', 1],
  ['node_disk_writes_merged_total', 1],
  ['node_disk_written_bytes_total', SECTOR_BYTES],
  ['node_disk_write_time_seconds_total', SECONDS_PER_MS],
  ['node_disk_io_now', 1],
  ['node_disk_io_time_seconds_total', SECONDS_PER_MS],
  ['node_disk_io_time_weighted_seconds_total', SECONDS_PER_MS],
  ['node_disk_discards_completed_total', 1],
  ['node_disk_discards_merged_total', 1],
  ['node_disk_discarded_sectors_total', 1],
  ['node_disk_discard_time_seconds_total', SECONDS_PER_MS],
  ['node_disk_flush_requests_total', 1],
  ['node_disk_flush_requests_time_seconds_total', SECONDS_PER_MS],
];

/** @param propertiesOf what udev knows of a device, by its numbers */
export function emitDiskStats(
  disks: readonly DiskStats[],
  emit: Emit,
  propertiesOf: (major: string, minor: string) => UdevProperties,
): void {
  for (const { device, major, minor, fields } of disks) {
    const labels = ['device', device];
    emitDiskIdentity({ device, major, minor }, propertiesOf(major, minor), emit);
    FIELD_SERIES.forEach(([name, unit], index) => {
      const value = fields[index];
      if (value !== undefined) emit(name, labels, value * unit);
    });
  }
}

const ATA_SERIES = [
  ['ID_ATA_WRITE_CACHE', 'node_disk_ata_write_cache'],
  ['ID_ATA_WRITE_CACHE_ENABLED', 'node_disk_ata_write_cache_enabled'],
  ['ID_ATA_ROTATION_RATE_RPM', 'node_disk_ata_rotation_rate_rpm'],
] as const;

function emitDiskIdentity(
  { device, major, minor }: Pick<DiskStats, 'device' | 'major' | 'minor'>,
  properties: UdevProperties,
  emit: Emit,
): void {
  const labels = ['device', device];
  if (properties.size === 0) {
    emit('node_disk_info', [...labels, 'major', major, 'minor', minor], 1);
    return;
  }
  const get = (name: string) => properties.get(name) ?? '';
  const identity = ['model', get('ID_MODEL'), 'path', get('ID_PATH'), 'revision', get('ID_REVISION')];
  // Usually the number that is printed on the disk; virtual disks have the last one only.
  const serial = get('SCSI_IDENT_SERIAL') || get('ID_SERIAL_SHORT') || get('ID_SERIAL');
  const numbers = [...labels, 'major', major, 'minor', minor];
  emit('node_disk_info', [...numbers, ...identity, 'serial', serial, 'wwn', get('ID_WWN')], 1);
  if (get('ID_FS_TYPE') !== '') {
    const kind = ['type', get('ID_FS_TYPE'), 'usage', get('ID_FS_USAGE')];
    const version = ['uuid', get('ID_FS_UUID'), 'version', get('ID_FS_VERSION')];
    emit('node_disk_filesystem_info', [...labels, ...kind, ...version], 1);
  }
  if (get('DM_NAME') !== '') {
    const volume = ['lv_layer', get('DM_LV_LAYER'), 'lv_name', get('DM_LV_NAME'), 'name', get('DM_NAME')];
    const group = ['uuid', get('DM_UUID'), 'vg_name', get('DM_VG_NAME')];
    emit('node_disk_device_mapper_info', [...labels, ...volume, ...group], 1);
  }
  if (get('ID_ATA') === '') return;
  for (const [property, name] of ATA_SERIES) {
    const value = properties.get(property);
    if (value !== undefined) emit(name, labels, Number(value));
  }
}

/** Devices that stand on others, whose bytes would count twice in a sum: device mapper, RAID, card partitions, … */
const STACKED_DISK = /^(dm-|md|bcache|drbd|nbd|zram|zd|sr|mmcblk\d+(p|boot|rpmb))/;
const SECTORS_READ = 2;
const SECTORS_WRITTEN = 6;

export function sumDiskBytes(disks: readonly DiskStats[]): DiskBytes {
  let readBytes = 0;
  let writtenBytes = 0;
  for (const { device, fields } of disks) {
    if (STACKED_DISK.test(device)) continue;
    readBytes += (fields[SECTORS_READ] ?? 0) * SECTOR_BYTES;
    writtenBytes += (fields[SECTORS_WRITTEN] ?? 0) * SECTOR_BYTES;
  }
  return { readBytes, writtenBytes };
}
