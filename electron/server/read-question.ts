import type { PrometheusRequest } from '../engine/prometheus/endpoint.ts';
import { acceptsGzip } from './compress-answer.ts';

/**
 * A question to Prometheus's API, from the address and, of a POST, the form: the form first as in Go; repeated names keep
 * every value.
 *
 * @param path without the leading slash
 * @param named the data source that the address names; a parameter may name one as well
 */
export function readQuestion(
  path: string,
  named: string | null,
  {
    url,
    form,
    acceptEncoding,
  }: { readonly url: string; readonly form: string | null; readonly acceptEncoding: string },
): PrometheusRequest {
  const params: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  if (form !== null) addAll(params, form);
  const search = url.indexOf('?');
  if (search >= 0) addAll(params, url.slice(search));
  const { datasource, ...others } = params;
  return {
    path,
    params: datasource === undefined ? params : others,
    dataSource: named ?? datasource?.[0] ?? null,
    acceptsGzip: acceptsGzip(acceptEncoding),
  };
}

function addAll(params: Record<string, string[]>, text: string): void {
  for (const [name, value] of new URLSearchParams(text)) {
    const values = params[name];
    if (values === undefined) params[name] = [value];
    else values.push(value);
  }
}
