import { readAttributeNow } from '../sysfs.ts';

/** What udev knows of a block device: `E:ID_MODEL=…` lines of its database; empty where udev does not run. */
export type UdevProperties = ReadonlyMap<string, string>;

/** @param directory /run/udev/data, which lies in memory */
export function readUdevProperties(directory: string, major: string, minor: string): UdevProperties {
  const properties = new Map<string, string>();
  for (const line of (readAttributeNow(`${directory}/b${major}:${minor}`) ?? '').split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('E:') && equals !== -1) properties.set(line.slice(2, equals), line.slice(equals + 1));
  }
  return properties;
}
