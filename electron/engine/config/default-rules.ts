/**
 * The rules that watch without any configuration, as a file in Prometheus's own syntax: `vedette init` writes it beside
 * the main file, where it can be read and changed.
 *
 * Pseudo filesystems have no space to run out of, and a read-only one is full by design; both are left out of the disk
 * rule. Each text is given twice: `summary` in English, `summary_zh` in Chinese.
 */
export const DEFAULT_RULES = `# Rules for this machine and the services that it watches, in the syntax of Prometheus.
# Change the numbers, add rules of your own; the file is read again as soon as it is saved.
groups:
  - name: host
    rules:
      - alert: HighCPUUsage
        expr: (1 - avg by (instance, job) (rate(node_cpu_seconds_total{mode="idle"}[2m]))) * 100 > 80
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: 'CPU usage on {{ $labels.instance }} is {{ printf "%.0f" $value }} %'
          summary_zh: '{{ $labels.instance }} 的 CPU 使用率为 {{ printf "%.0f" $value }} %'
          description: The CPU has been busy for more than 80 % of the time for 5 minutes.
          description_zh: CPU 使用率超过 80 % 已持续 5 分钟。

      - alert: HighMemoryUsage
        expr: (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100 > 85
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: 'Memory usage on {{ $labels.instance }} is {{ printf "%.0f" $value }} %'
          summary_zh: '{{ $labels.instance }} 的内存使用率为 {{ printf "%.0f" $value }} %'
          description: More than 85 % of the memory has been in use for 5 minutes.
          description_zh: 内存使用率超过 85 % 已持续 5 分钟。

      - alert: HighDiskUsage
        expr: |-
          (1 - node_filesystem_avail_bytes{fstype!~"tmpfs|devtmpfs|ramfs|overlay|squashfs|iso9660|udf|autofs|fuse[.].*|nsfs|proc|sysfs|cgroup.*"}
            / node_filesystem_size_bytes) * 100 > 90
          unless node_filesystem_readonly == 1
        for: 5m
        labels:
          severity: warning
        annotations:
          summary: 'Disk {{ $labels.mountpoint }} on {{ $labels.instance }} is {{ printf "%.0f" $value }} % full'
          summary_zh: '{{ $labels.instance }} 的磁盘 {{ $labels.mountpoint }} 已使用 {{ printf "%.0f" $value }} %'
          description: More than 90 % of the disk has been in use for 5 minutes.
          description_zh: 磁盘使用率超过 90 % 已持续 5 分钟。

  - name: services
    rules:
      - alert: TargetDown
        expr: up == 0
        for: 2m
        labels:
          severity: critical
        annotations:
          summary: '{{ $labels.job }} on {{ $labels.instance }} does not answer'
          summary_zh: '{{ $labels.instance }} 上的 {{ $labels.job }} 没有响应'
          description: The metrics of the target could not be read for 2 minutes.
          description_zh: 已有 2 分钟无法读取该目标的指标。

      - alert: CheckFailing
        expr: probe_success == 0
        for: 1m
        labels:
          severity: critical
        annotations:
          summary: 'Check {{ $labels.job }} of {{ $labels.instance }} fails'
          summary_zh: '对 {{ $labels.instance }} 的检查 {{ $labels.job }} 失败'
          description: The check has failed for 1 minute.
          description_zh: 该检查已连续失败 1 分钟。

  - name: vedette
    rules:
      - alert: SeriesLimitNear
        expr: vedette_series_limit_used_ratio * 100 >= 90
        for: 1m
        labels:
          severity: warning
        annotations:
          summary: >-
            {{ if eq $labels.limit "total" }}{{ printf "%.0f" $value }} % of all series that are kept are in use, most of
            them by metric {{ $labels.worst }}{{ else }}{{ title $labels.limit }} {{ $labels.worst }} has
            {{ printf "%.0f" $value }} % of the series that one {{ $labels.limit }} may have{{ end }}{{ if ge $value 100.0 }};
            new ones are refused{{ end }}
          summary_zh: >-
            {{ if eq $labels.limit "total" }}已使用全部时间序列上限的 {{ printf "%.0f" $value }} %，最多的是指标
            {{ $labels.worst }}{{ else }}{{ if eq $labels.limit "metric" }}指标{{ else }}目标{{ end }} {{ $labels.worst }}
            已达到单个上限的 {{ printf "%.0f" $value }} %{{ end }}{{ if ge $value 100.0 }}，新的时间序列会被拒绝{{ end }}
          description: >-
            Look for a label with ever new values, such as an id or an address, and drop it where it is made. The limits are
            storage.metrics.max_series, max_series_per_metric and max_series_per_target in the configuration.
          description_zh: >-
            请查找取值不断变化的标签（例如 ID 或地址），并在产生处去掉它。上限在配置的 storage.metrics.max_series、
            max_series_per_metric 和 max_series_per_target 中设置。
`;
