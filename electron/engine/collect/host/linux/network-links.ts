import { join } from 'node:path';
import type { Emit } from '../host-series.ts';
import { listDirectory, readAttributeNow } from '../sysfs.ts';
import type { Breather } from '../../../schedule/breather.ts';

/** Attributes of a device that are numbers, in decimal or `0x…`, and their series. */
const NUMBERS: readonly (readonly [attribute: string, name: string])[] = [
  ['addr_assign_type', 'node_network_address_assign_type'],
  ['carrier', 'node_network_carrier'],
  ['carrier_changes', 'node_network_carrier_changes_total'],
  ['carrier_up_count', 'node_network_carrier_up_changes_total'],
  ['carrier_down_count', 'node_network_carrier_down_changes_total'],
  ['dev_id', 'node_network_device_id'],
  ['dormant', 'node_network_dormant'],
  ['flags', 'node_network_flags'],
  ['ifindex', 'node_network_iface_id'],
  ['iflink', 'node_network_iface_link'],
  ['link_mode', 'node_network_iface_link_mode'],
  ['mtu', 'node_network_mtu_bytes'],
  ['name_assign_type', 'node_network_name_assign_type'],
  ['netdev_group', 'node_network_net_dev_group'],
  ['tx_queue_len', 'node_network_transmit_queue_length'],
  ['type', 'node_network_protocol_type'],
];

const BYTES_PER_MEGABIT = 125_000;

/**
 * State of network devices. Source: node_exporter, netclass_linux.go. A device without a known speed says -1 there; here
 * it has no speed, as node_exporter's own `ignore-invalid-speed` has it.
 *
 * @param breather the attributes are answered from memory and read synchronously; a machine may have thousands
 */
export async function readNetworkLinks(directory: string, emit: Emit, breather: Breather): Promise<void> {
  for (const device of await listDirectory(directory)) {
    if (breather.isDue()) await breather.pause();
    const read = (attribute: string) => readAttributeNow(join(directory, device, attribute));
    const operstate = read('operstate');
    // Files like bonding_masters lie between the devices.
    if (operstate === null) continue;
    const labels = ['device', device];
    emit('node_network_up', labels, operstate === 'up' ? 1 : 0);
    const info = ['address', 'broadcast', 'duplex', 'ifalias'].flatMap((name) => [name, read(name) ?? '']);
    emit('node_network_info', [...info, ...labels, 'operstate', operstate], 1);
    for (const [attribute, name] of NUMBERS) {
      const text = read(attribute);
      if (text !== null && text !== '') emit(name, labels, Number(text));
    }
    const megabits = Number(read('speed') ?? '-1');
    if (megabits >= 0) emit('node_network_speed_bytes', labels, megabits * BYTES_PER_MEGABIT);
  }
}

/** Bonds, and how many of their devices are up. Source: node_exporter, bonding_linux.go. */
export async function readBonds(directory: string, emit: Emit): Promise<void> {
  const masters = readAttributeNow(join(directory, 'bonding_masters'));
  for (const master of (masters ?? '').split(/\s+/).filter((name) => name !== '')) {
    const slaves = (readAttributeNow(join(directory, master, 'bonding/slaves')) ?? '').split(' ').filter(Boolean);
    const links = await listDirectory(join(directory, master));
    const active = slaves.filter((slave) => {
      // Called lower_… since Linux 4.10.
      const link = links.find((name) => name === `lower_${slave}` || name === `slave_${slave}`) ?? '';
      return readAttributeNow(join(directory, master, link, 'bonding_slave/mii_status')) === 'up';
    });
    emit('node_bonding_slaves', ['master', master], slaves.length);
    emit('node_bonding_active', ['master', master], active.length);
  }
}
