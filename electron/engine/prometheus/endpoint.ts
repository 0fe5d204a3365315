/** A request to the Prometheus-compatible API; query and form parameters together, repeated ones in order. */
export interface PrometheusRequest {
  /** Without the leading slash: `api/v1/query`, `federate`. */
  readonly path: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** The configured data source that is to answer instead of this instance; null for this one. */
  readonly dataSource: string | null;
  /** Whether an answer that is compressed already may be passed on as it is. */
  readonly acceptsGzip: boolean;
}

/** An answer whose body may be long: it comes in pieces, and the next one is made when it is asked for. */
export interface PrometheusReply {
  readonly status: number;
  readonly contentType: string;
  /** How the body is compressed already; null when it is not. */
  readonly contentEncoding: string | null;
  /**
   * A short body in one piece, or a long one, whose pieces are valid until the next one is asked for; ending the iteration
   * early gives up the rest. A text stands for bytes, one
   * character for each (Latin-1): short ones cross threads and leave on a socket for less that way.
   */
  readonly body: Uint8Array | string | AsyncIterable<Uint8Array>;
}

/** Samples that another Prometheus, or anything that speaks its protocol, sends here. */
export interface RemoteWriteRequest {
  /** In lower case, as the header says; '' when it is missing. */
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Uint8Array;
}

export interface RemoteWriteReply {
  readonly status: number;
  /** In words, for an answer that is no success; '' otherwise. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an HTTP server needs to offer Prometheus's API. */
export interface PrometheusPort {
  ask(request: PrometheusRequest, signal: AbortSignal): Promise<PrometheusReply>;
  write(request: RemoteWriteRequest): Promise<RemoteWriteReply>;
}
