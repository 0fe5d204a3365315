import type { ReadyRuleSet } from './ready-rule.ts';

const REAL_FILESYSTEMS = 'fstype!~"tmpfs|devtmpfs|ramfs|overlay|squashfs|iso9660|autofs|fuse[.].*|nsfs"';

export const NODE_RULES: ReadyRuleSet = {
  exporter: 'node',
  title: 'node_exporter',
  signs: ['node_cpu_seconds_total', 'node_uname_info'],
  rules: [
    {
      name: 'DiskFullWithinADay',
      severity: 'warning',
      minutes: 30,
      expr: `predict_linear(node_filesystem_avail_bytes{${REAL_FILESYSTEMS}}[6h], 24 * 3600) < 0
and node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.25
unless node_filesystem_readonly == 1`,
      text: '{{ $labels.instance }}: {{ $labels.mountpoint }} is full within a day if it goes on like this',
      zh: '{{ $labels.instance }}：按当前趋势，{{ $labels.mountpoint }} 将在一天内写满',
    },
    {
      name: 'InodesRunOut',
      severity: 'warning',
      minutes: 15,
      expr: `node_filesystem_files_free{${REAL_FILESYSTEMS}} / node_filesystem_files < 0.05
and node_filesystem_files > 0`,
      text: '{{ $labels.instance }}: {{ humanizePercentage $value }} of the inodes of {{ $labels.mountpoint }} are free',
      zh: '{{ $labels.instance }}：{{ $labels.mountpoint }} 的 inode 仅剩 {{ humanizePercentage $value }}',
    },
    {
      name: 'FilesystemBecameReadOnly',
      severity: 'critical',
      minutes: 1,
      expr: `node_filesystem_readonly{${REAL_FILESYSTEMS}} == 1
and node_filesystem_readonly offset 1h == 0`,
      text: '{{ $labels.instance }}: {{ $labels.mountpoint }} can be written no more',
      zh: '{{ $labels.instance }}：{{ $labels.mountpoint }} 已变为只读',
    },
    {
      name: 'MemoryThrashing',
      severity: 'critical',
      minutes: 5,
      expr: `rate(node_vmstat_pgmajfault[5m]) > 500
and on (instance, job) node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1`,
      text: '{{ $labels.instance }}: pages are read back from disk {{ humanize $value }} times a second',
      zh: '{{ $labels.instance }}：每秒从磁盘读回 {{ humanize $value }} 页，内存不足',
    },
    {
      name: 'DiskSaturated',
      severity: 'warning',
      minutes: 15,
      expr: 'rate(node_disk_io_time_seconds_total{device!~"loop.*|ram.*"}[5m]) > 0.95',
      text: '{{ $labels.instance }}: the disk {{ $labels.device }} is busy all the time',
      zh: '{{ $labels.instance }}：磁盘 {{ $labels.device }} 持续满负荷',
    },
    {
      name: 'CpuStolen',
      severity: 'warning',
      minutes: 15,
      expr: 'avg by (instance, job) (rate(node_cpu_seconds_total{mode="steal"}[5m])) > 0.1',
      text: '{{ $labels.instance }}: the host takes {{ humanizePercentage $value }} of the CPU away',
      zh: '{{ $labels.instance }}：宿主机占用了 {{ humanizePercentage $value }} 的 CPU',
    },
    {
      name: 'NetworkErrors',
      severity: 'warning',
      minutes: 15,
      expr: `(rate(node_network_receive_errs_total[5m]) + rate(node_network_transmit_errs_total[5m]))
/ (rate(node_network_receive_packets_total[5m]) + rate(node_network_transmit_packets_total[5m])) > 0.01`,
      text: '{{ $labels.instance }}: {{ humanizePercentage $value }} of the packets of {{ $labels.device }} are broken',
      zh: '{{ $labels.instance }}：{{ $labels.device }} 有 {{ humanizePercentage $value }} 的数据包出错',
    },
    {
      name: 'ClockNotSynchronised',
      severity: 'warning',
      minutes: 10,
      expr: 'node_timex_sync_status == 0 and node_timex_maxerror_seconds >= 16',
      text: '{{ $labels.instance }}: the clock is set by nothing',
      zh: '{{ $labels.instance }}：时钟未同步',
    },
    {
      name: 'FileHandlesRunOut',
      severity: 'warning',
      minutes: 10,
      expr: 'node_filefd_allocated / node_filefd_maximum > 0.8',
      text: '{{ $labels.instance }}: {{ humanizePercentage $value }} of the file handles are in use',
      zh: '{{ $labels.instance }}：文件句柄已使用 {{ humanizePercentage $value }}',
    },
    {
      name: 'MachineRestarted',
      severity: 'info',
      minutes: 0,
      expr: 'changes(node_boot_time_seconds[15m]) > 0',
      text: '{{ $labels.instance }} was started again',
      zh: '{{ $labels.instance }} 已重新启动',
    },
  ],
};

export const WINDOWS_RULES: ReadyRuleSet = {
  exporter: 'windows',
  title: 'windows_exporter',
  signs: ['windows_cpu_time_total', 'windows_os_info'],
  rules: [
    {
      name: 'WindowsCpuBusy',
      severity: 'warning',
      minutes: 15,
      expr: '1 - avg by (instance, job) (rate(windows_cpu_time_total{mode="idle"}[5m])) > 0.9',
      text: '{{ $labels.instance }}: the CPU is busy for {{ humanizePercentage $value }} of the time',
      zh: '{{ $labels.instance }}：CPU 使用率 {{ humanizePercentage $value }}',
    },
    {
      name: 'WindowsDiskNearlyFull',
      severity: 'warning',
      minutes: 10,
      expr: 'windows_logical_disk_free_bytes / windows_logical_disk_size_bytes < 0.1',
      text: '{{ $labels.instance }}: {{ humanizePercentage $value }} of {{ $labels.volume }} is free',
      zh: '{{ $labels.instance }}：{{ $labels.volume }} 仅剩 {{ humanizePercentage $value }}',
    },
    {
      name: 'WindowsDiskFullWithinADay',
      severity: 'warning',
      minutes: 30,
      expr: `predict_linear(windows_logical_disk_free_bytes[6h], 24 * 3600) < 0
and windows_logical_disk_free_bytes / windows_logical_disk_size_bytes < 0.25`,
      text: '{{ $labels.instance }}: {{ $labels.volume }} is full within a day if it goes on like this',
      zh: '{{ $labels.instance }}：按当前趋势，{{ $labels.volume }} 将在一天内写满',
    },
    {
      name: 'WindowsServiceStopped',
      severity: 'warning',
      minutes: 5,
      expr: `windows_service_state{state="stopped"} == 1
and on (instance, name) windows_service_start_mode{start_mode="auto"} == 1`,
      text: '{{ $labels.instance }}: the service {{ $labels.name }} does not run',
      zh: '{{ $labels.instance }}：服务 {{ $labels.name }} 未运行',
    },
  ],
};

export const PROCESS_RULES: ReadyRuleSet = {
  exporter: 'process',
  title: 'process-exporter',
  signs: ['namedprocess_namegroup_num_procs'],
  rules: [
    {
      name: 'ProcessGone',
      severity: 'critical',
      minutes: 2,
      expr: 'namedprocess_namegroup_num_procs == 0',
      text: '{{ $labels.instance }}: no process of {{ $labels.groupname }} runs',
      zh: '{{ $labels.instance }}：{{ $labels.groupname }} 没有进程在运行',
    },
    {
      name: 'ProcessFileHandlesRunOut',
      severity: 'warning',
      minutes: 10,
      expr: 'namedprocess_namegroup_worst_fd_ratio > 0.8',
      text: '{{ $labels.instance }}: {{ $labels.groupname }} uses {{ humanizePercentage $value }} of its file handles',
      zh: '{{ $labels.instance }}：{{ $labels.groupname }} 已使用 {{ humanizePercentage $value }} 的文件句柄',
    },
    {
      name: 'ProcessMemoryGrows',
      severity: 'warning',
      minutes: 60,
      expr: `predict_linear(namedprocess_namegroup_memory_bytes{memtype="resident"}[6h], 24 * 3600)
> 2 * namedprocess_namegroup_memory_bytes{memtype="resident"}
and namedprocess_namegroup_memory_bytes{memtype="resident"} > 100 * 1024 * 1024`,
      text: '{{ $labels.instance }}: the memory of {{ $labels.groupname }} doubles within a day',
      zh: '{{ $labels.instance }}：{{ $labels.groupname }} 的内存将在一天内翻倍',
    },
    {
      name: 'ZombieProcesses',
      severity: 'info',
      minutes: 30,
      expr: 'namedprocess_namegroup_states{state="Zombie"} > 5',
      text: '{{ $labels.instance }}: {{ $value }} zombies of {{ $labels.groupname }}',
      zh: '{{ $labels.instance }}：{{ $labels.groupname }} 有 {{ $value }} 个僵尸进程',
    },
  ],
};

export const CONTAINER_RULES: ReadyRuleSet = {
  exporter: 'cadvisor',
  title: 'cAdvisor (Docker)',
  signs: ['container_cpu_usage_seconds_total', 'container_last_seen'],
  rules: [
    {
      name: 'ContainerGone',
      severity: 'warning',
      minutes: 0,
      expr: 'time() - container_last_seen{name!=""} > 120',
      text: 'The container {{ $labels.name }} is not seen any more',
      zh: '容器 {{ $labels.name }} 已消失',
    },
    {
      name: 'ContainerRestarts',
      severity: 'warning',
      minutes: 0,
      expr: 'changes(container_start_time_seconds{name!=""}[30m]) > 3',
      text: 'The container {{ $labels.name }} was started {{ $value }} times in half an hour',
      zh: '容器 {{ $labels.name }} 在半小时内启动了 {{ $value }} 次',
    },
    {
      name: 'ContainerMemoryNearLimit',
      severity: 'warning',
      minutes: 10,
      expr: `container_memory_working_set_bytes{name!=""} / container_spec_memory_limit_bytes > 0.9
and container_spec_memory_limit_bytes > 0`,
      text: 'The container {{ $labels.name }} uses {{ humanizePercentage $value }} of its memory',
      zh: '容器 {{ $labels.name }} 已使用 {{ humanizePercentage $value }} 的内存',
    },
    {
      name: 'ContainerKilledForMemory',
      severity: 'critical',
      minutes: 0,
      expr: 'increase(container_oom_events_total{name!=""}[15m]) > 0',
      text: 'The container {{ $labels.name }} ran out of memory and was killed',
      zh: '容器 {{ $labels.name }} 因内存不足被终止',
    },
    {
      name: 'ContainerThrottled',
      severity: 'info',
      minutes: 15,
      expr: `rate(container_cpu_cfs_throttled_periods_total{name!=""}[5m])
/ rate(container_cpu_cfs_periods_total{name!=""}[5m]) > 0.5`,
      text: 'The container {{ $labels.name }} waits for CPU in {{ humanizePercentage $value }} of its periods',
      zh: '容器 {{ $labels.name }} 在 {{ humanizePercentage $value }} 的周期中受 CPU 限制',
    },
  ],
};
