import type { Emit } from '../host-series.ts';
import type { NetworkBytes } from '../raw-reading.ts';
import { readAttributeNow } from '../sysfs.ts';

/** One line of /proc/net/dev: eight counters of what came in, eight of what went out. */
export interface NetworkDevice {
  readonly device: string;
  readonly fields: readonly number[];
}

/** Source: proc_net_dev(5). The two header lines hold no colon. */
export function parseNetworkDevices(text: string): NetworkDevice[] {
  const devices: NetworkDevice[] = [];
  for (const line of text.split('\n')) {
    // The counters may follow the colon without a space, and an alias device holds a colon in its name.
    const colon = line.lastIndexOf(':');
    if (colon === -1) continue;
    const fields: number[] = [];
    for (const word of line.slice(colon + 1).split(' ')) if (word !== '') fields.push(Number(word));
    devices.push({ device: line.slice(0, colon).trim(), fields });
  }
  return devices;
}

/** By column. Source: node_exporter, netdev_common.go, the names of the file's header. */
const COLUMN_SERIES = [
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'].map(
    (column) => `node_network_receive_${column}_total`,
  ),
  ...['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'].map(
    (column) => `node_network_transmit_${column}_total`,
  ),
];

export function emitNetworkDevices(devices: readonly NetworkDevice[], emit: Emit): void {
  for (const { device, fields } of devices) {
    const labels = ['device', device];
    COLUMN_SERIES.forEach((name, index) => {
      const value = fields[index];
      if (value !== undefined) emit(name, labels, value);
    });
  }
}

/** Packets that no protocol wanted, which /proc/net/dev does not tell. @param directory /sys/class/net */
export function emitUnhandledPackets(directory: string, devices: readonly NetworkDevice[], emit: Emit): void {
  for (const { device } of devices) {
    const count = readAttributeNow(`${directory}/${device}/statistics/rx_nohandler`);
    if (count !== null) emit('node_network_receive_nohandler_total', ['device', device], Number(count));
  }
}

/** Devices whose traffic passes another device too, or never leaves the machine. */
const VIRTUAL_DEVICE =
  /^(lo\d*|veth|docker|br-|virbr|vnet|cni|flannel|cali|ifb|dummy|tun|tap|wg|utun|bridge|bond|team|gif|stf|awdl|llw|anpi|vmnet)/;
const RECEIVED_BYTES = 0;
const TRANSMITTED_BYTES = 8;

export function isVirtualDevice(device: string): boolean {
  return VIRTUAL_DEVICE.test(device);
}

export function sumNetworkBytes(devices: readonly NetworkDevice[]): NetworkBytes {
  let receivedBytes = 0;
  let transmittedBytes = 0;
  for (const { device, fields } of devices) {
    if (isVirtualDevice(device)) continue;
    receivedBytes += fields[RECEIVED_BYTES] ?? 0;
    transmittedBytes += fields[TRANSMITTED_BYTES] ?? 0;
  }
  return { receivedBytes, transmittedBytes };
}
