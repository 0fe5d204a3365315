import type { chart as source } from '../en/chart.ts';

export const chart: Record<keyof typeof source, string> = {
  'chart.loading': '正在加载图表…',
  'chart.empty': '没有可绘制的数据',
  'chart.emptyText': '此时间范围内没有匹配的序列。请选择更长的范围，或检查表达式。',
  'chart.failed': '图表加载失败',
  'chart.stale': '最后的数据在 {time}',
  'chart.legend': '曲线',
  'chart.legendHint': '{name}：单击只显示此项，按住 Ctrl 单击可隐藏或显示',
  'chart.asTable': '以表格显示“{title}”',
  'chart.asChart': '以图表显示“{title}”',
  'chart.tableOf': '“{title}”的数值',
  'chart.limit': '上限 {limit}',
  'chart.time': '时间',
  'chart.someSeries': '显示 {total} 条序列中的 {shown} 条。',
  'chart.described': '{title}，从 {from} 到 {to}。最新值：{values}。可用方向键沿曲线移动。',
  'keys.unpin': '取消图表上固定的时刻',
};
