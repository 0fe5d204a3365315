/** A request to the Prometheus-compatible API: the path below `/api/v1/`, and query and form parameters together. */
export interface PrometheusRequest {
  readonly endpoint: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
}

/** Its answer: an HTTP status and a JSON text as bytes, made where the data is so that nobody copies it again. */
export interface PrometheusReply {
  readonly status: number;
  readonly body: Uint8Array;
}

export type PrometheusEndpoint = (request: PrometheusRequest, signal: AbortSignal) => Promise<PrometheusReply>;
