import { afterEach, expect, test } from 'vitest';
import { emitDiskStats, parseDiskStats } from '../../../../electron/engine/collect/host/linux/disk-stats.ts';
import {
  readCpuFrequencies,
  readCpuThrottles,
  readDmi,
  readEnergy,
  readMemoryErrors,
  readNvme,
} from '../../../../electron/engine/collect/host/linux/hardware.ts';
import { readBonds } from '../../../../electron/engine/collect/host/linux/network-links.ts';
import { readPowerSupplies } from '../../../../electron/engine/collect/host/linux/power-supplies.ts';
import { emitRaidArrays, parseRaidArrays } from '../../../../electron/engine/collect/host/linux/raid-arrays.ts';
import { emitHardwareSensors, readHardwareSensors } from '../../../../electron/engine/collect/host/linux/sensors.ts';
import { readTimeZone } from '../../../../electron/engine/collect/host/linux/time-zone.ts';
import { readUdevProperties } from '../../../../electron/engine/collect/host/linux/udev-properties.ts';
import { createFakeMachine, recordEmits } from './fake-machine.ts';
import type { FakeMachine } from './fake-machine.ts';

let machine: FakeMachine = createFakeMachine();
afterEach(() => {
  machine.remove();
});

/** Below `root`, what a reader gives for these files. */
async function read(
  files: Record<string, string>,
  reader: (root: string, emit: ReturnType<typeof recordEmits>['emit']) => Promise<void>,
): Promise<string[]> {
  machine = createFakeMachine(files);
  const { emit, lines } = recordEmits();
  await reader(machine.root, emit);
  return lines;
}

test('every number of a sensor gets its unit', async () => {
  const lines = await read(
    {
      'sys/class/hwmon/hwmon0/name': 'nct6775\n',
      'sys/class/hwmon/hwmon0/in0_input': '1200\n',
      'sys/class/hwmon/hwmon0/in0_alarm': '0\n',
      'sys/class/hwmon/hwmon0/fan1_input': '900\n',
      'sys/class/hwmon/hwmon0/fan1_pulses': '2\n',
      'sys/class/hwmon/hwmon0/temp1_input': '41500\n',
      'sys/class/hwmon/hwmon0/temp1_crit': '95000\n',
      'sys/class/hwmon/hwmon0/power1_average': '12500000\n',
      'sys/class/hwmon/hwmon0/curr1_input': '250\n',
      'sys/class/hwmon/hwmon0/pwm1': '128\n',
      'sys/class/hwmon/hwmon0/temp1_label': 'CPU\n',
    },
    async (root, emit) => {
      emitHardwareSensors(await readHardwareSensors(`${root}/sys`), emit);
    },
  );
  const of = (name: string) => lines.filter((line) => line.startsWith(`node_hwmon_${name}{`));
  expect(of('in_volts')).toEqual(['node_hwmon_in_volts{chip=nct6775,sensor=in0} 1.2']);
  expect(of('in_alarm')).toEqual(['node_hwmon_in_alarm{chip=nct6775,sensor=in0} 0']);
  expect(of('fan_rpm')).toEqual(['node_hwmon_fan_rpm{chip=nct6775,sensor=fan1} 900']);
  expect(of('fan_pulses')).toEqual(['node_hwmon_fan_pulses{chip=nct6775,sensor=fan1} 2']);
  expect(of('temp_celsius')).toEqual(['node_hwmon_temp_celsius{chip=nct6775,sensor=temp1} 41.5']);
  expect(of('temp_crit_celsius')).toEqual(['node_hwmon_temp_crit_celsius{chip=nct6775,sensor=temp1} 95']);
  expect(of('power_average_watt')).toEqual(['node_hwmon_power_average_watt{chip=nct6775,sensor=power1} 12.5']);
  expect(of('curr_amps')).toEqual(['node_hwmon_curr_amps{chip=nct6775,sensor=curr1} 0.25']);
  expect(of('pwm')).toEqual(['node_hwmon_pwm{chip=nct6775,sensor=pwm1} 128']);
  expect(of('sensor_label')).toEqual(['node_hwmon_sensor_label{chip=nct6775,label=CPU,sensor=temp1} 1']);
});

test('a battery gives its charge in watt hours, its state and its temperature', async () => {
  const lines = await read(
    {
      'BAT0/type': 'Battery\n',
      'BAT0/status': 'Discharging\n',
      'BAT0/capacity': '81\n',
      'BAT0/energy_now': '40500000\n',
      'BAT0/voltage_now': '12100000\n',
      'BAT0/temp': '305\n',
    },
    readPowerSupplies,
  );
  expect(lines).toContain('node_power_supply_capacity{power_supply=BAT0} 81');
  expect(lines).toContain('node_power_supply_energy_watthour{power_supply=BAT0} 40.5');
  expect(lines).toContain('node_power_supply_voltage_volt{power_supply=BAT0} 12.1');
  expect(lines).toContain('node_power_supply_temp_celsius{power_supply=BAT0} 30.5');
  expect(lines[0]).toContain('status=Discharging');
});

test('an array that lost a disk and recovers says so', () => {
  const [array, striped, idle] = parseRaidArrays(`Personalities : [raid1] [raid0]
md0 : active raid1 sdc1[2] sdb1[1](F) sda1[0]
      1953511936 blocks super 1.2 [2/1] [U_]
      [=>...................]  recovery =  8.5% (16775552/1953511936) finish=17.0min speed=259783K/sec
      bitmap: 0/15 pages [0KB], 65536KB chunk

md1 : active raid0 sdd1[0] sde1[1]
      1000 blocks super 1.2 512k chunks

md2 : inactive sdf1[0](S)
      500 blocks super 1.2

unused devices: <none>
`);
  expect(array).toMatchObject({
    device: 'md0',
    state: 'recovering',
    disks: { active: 1, failed: 1, spare: 0, down: 1 },
    required: 2,
    blocks: 1_953_511_936,
    blocksSynced: 16_775_552,
  });
  expect(striped).toMatchObject({ disks: { active: 2, failed: 0 }, required: 2, blocksSynced: 1000 });
  expect(idle).toMatchObject({ state: 'inactive', disks: { spare: 1 } });
  const { emit, lines } = recordEmits();
  emitRaidArrays(array === undefined ? [] : [array], emit);
  expect(lines).toContain('node_md_state{device=md0,state=recovering} 1');
  expect(lines).toContain('node_md_state{device=md0,state=active} 0');
  expect(lines).toContain('node_md_disks{device=md0,state=failed} 1');
});

test('memory errors are counted by controller and row', async () => {
  const lines = await read(
    {
      'mc0/ce_count': '3\n',
      'mc0/ue_count': '1\n',
      'mc0/ce_noinfo_count': '0\n',
      'mc0/ue_noinfo_count': '0\n',
      'mc0/csrow2/ce_count': '3\n',
      'mc0/csrow2/ue_count': '1\n',
    },
    readMemoryErrors,
  );
  expect(lines).toContain('node_edac_correctable_errors_total{controller=0} 3');
  expect(lines).toContain('node_edac_csrow_uncorrectable_errors_total{controller=0,csrow=2} 1');
  expect(lines).toContain('node_edac_csrow_correctable_errors_total{controller=0,csrow=unknown} 0');
});

test('frequencies, throttling, energy, NVMe, DMI and bonds are read where the machine has them', async () => {
  expect(
    await read(
      { 'cpu0/cpufreq/scaling_cur_freq': '2400000\n', 'cpu0/cpufreq/cpuinfo_max_freq': '3600000\n' },
      readCpuFrequencies,
    ),
  ).toEqual(['node_cpu_frequency_max_hertz{cpu=0} 3600000000', 'node_cpu_scaling_frequency_hertz{cpu=0} 2400000000']);
  expect(
    await read(
      {
        isolated: '2-3\n',
        'cpu0/topology/physical_package_id': '0\n',
        'cpu0/topology/core_id': '1\n',
        'cpu0/thermal_throttle/core_throttle_count': '7\n',
      },
      readCpuThrottles,
    ),
  ).toEqual([
    'node_cpu_core_throttles_total{core=1,package=0} 7',
    'node_cpu_isolated{cpu=2} 1',
    'node_cpu_isolated{cpu=3} 1',
  ]);
  expect(await read({ 'intel-rapl:0/name': 'package-0\n', 'intel-rapl:0/energy_uj': '2500000\n' }, readEnergy)).toEqual(
    ['node_rapl_package_joules_total{index=0,path=/sys/class/powercap/intel-rapl:0} 2.5'],
  );
  expect(await read({ 'nvme0/model': 'Fast 1TB   \n', 'nvme0/state': 'live\n' }, readNvme)).toEqual([
    'node_nvme_info{device=nvme0,firmware_revision=,model=Fast 1TB,serial=,state=live} 1',
  ]);
  expect(await read({ bios_vendor: 'ACME\n', sys_vendor: 'Maker\n' }, readDmi)).toEqual([
    'node_dmi_info{bios_vendor=ACME,system_vendor=Maker} 1',
  ]);
  expect(
    await read(
      {
        bonding_masters: 'bond0\n',
        'bond0/bonding/slaves': 'eth0 eth1\n',
        'bond0/lower_eth0/bonding_slave/mii_status': 'up\n',
        'bond0/lower_eth1/bonding_slave/mii_status': 'down\n',
      },
      readBonds,
    ),
  ).toEqual(['node_bonding_slaves{master=bond0} 2', 'node_bonding_active{master=bond0} 1']);
  await expect(read({}, (root, emit) => readDmi(`${root}/none`, emit))).rejects.toThrow('ENOENT');
});

test('a disk carries what udev knows of it', () => {
  machine = createFakeMachine({
    b8_0: '',
    'b8:0':
      'S:disk/by-id/x\nE:ID_MODEL=Fast_Disk\nE:ID_SERIAL_SHORT=S1\nE:ID_FS_TYPE=ext4\nE:ID_ATA=1\nE:ID_ATA_ROTATION_RATE_RPM=0\n',
  });
  const { emit, lines } = recordEmits();
  emitDiskStats(parseDiskStats('   8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n'), emit, (major, minor) =>
    readUdevProperties(machine.root, major, minor),
  );
  expect(lines).toContain(
    'node_disk_info{device=sda,major=8,minor=0,model=Fast_Disk,path=,revision=,serial=S1,wwn=} 1',
  );
  expect(lines).toContain('node_disk_filesystem_info{device=sda,type=ext4,usage=,uuid=,version=} 1');
  expect(lines).toContain('node_disk_ata_rotation_rate_rpm{device=sda} 0');
});

test('the name of the time zone follows summer and winter', () => {
  machine = createFakeMachine({ localtime: 'TZif2…\nCET-1CEST,M3.5.0,M10.5.0/3\n', fixed: 'TZif2…\n<+0530>-5:30\n' });
  const name = (file: string, offset: number) => readTimeZone(`${machine.root}/${file}`, offset).abbreviation;
  expect([name('localtime', 3600), name('localtime', 7200), name('fixed', 19_800), name('none', 0)]).toEqual([
    'CET',
    'CEST',
    '+0530',
    'UTC',
  ]);
});
