import type { probes as source } from '../en/probes.ts';

export const probes: Record<keyof typeof source, string> = {
  'probes.details': '最近一次检查所见',
  'probes.probe': '检查方式',
  'probes.detail.httpStatus': '状态码',
  'probes.detail.httpVersion': 'HTTP 版本',
  'probes.detail.contentType': '内容类型',
  'probes.detail.bodyBytes': '响应字节数',
  'probes.detail.finalUrl': '重定向到',
};
