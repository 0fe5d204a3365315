/** A mounted file system that is worth watching. */
export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
  readonly isReadOnly: boolean;
}

/** node_exporter's default exclusions: kernel interfaces and layers of containers (filesystem_linux.go). */
export const MOUNTPOINT_EXCLUDED =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;
export const FSTYPE_EXCLUDED =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|erofs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/;

/**
 * The mounts in the text of /proc/N/mountinfo, less the excluded ones; of mounts with the same device, place and type
 * only the first. A line: `36 35 98:0 /root /place options [tags …] - type device super-options`.
 * Source: proc_pid_mountinfo(5).
 */
export function parseMounts(mountinfo: string): Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of mountinfo.split('\n')) {
    const separator = line.indexOf(' - ');
    if (separator === -1) continue;
    const [, , , , place = '', options = ''] = line.slice(0, separator).split(' ');
    const [fstype = '', source = '', superOptions = ''] = line.slice(separator + 3).split(' ');
    const mountpoint = unescapeOctal(place);
    if (MOUNTPOINT_EXCLUDED.test(mountpoint) || FSTYPE_EXCLUDED.test(fstype)) continue;
    const device = unescapeOctal(source);
    const key = `${device}\u0000${mountpoint}\u0000${fstype}`;
    if (mounts.has(key)) continue;
    mounts.set(key, { device, mountpoint, fstype, isReadOnly: hasReadOnly(options) || hasReadOnly(superOptions) });
  }
  return [...mounts.values()];
}

function hasReadOnly(options: string): boolean {
  return options === 'ro' || options.startsWith('ro,');
}

/** Space, tab, newline and backslash are written as `\040` and so on; other bytes stand as they are. */
function unescapeOctal(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
