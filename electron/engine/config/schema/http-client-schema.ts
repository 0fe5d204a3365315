import { z } from 'zod';
import { anyMapping, boolean, labelMap, strict, text, texts, webUrl } from './values.ts';

const tlsVersion = z.enum(['TLS10', 'TLS11', 'TLS12', 'TLS13']);

export const tlsConfig = strict({
  ca: text().optional(),
  cert: text().optional(),
  key: text().optional(),
  ca_file: text().optional(),
  cert_file: text().optional(),
  key_file: text().optional(),
  ca_ref: text().optional(),
  cert_ref: text().optional(),
  key_ref: text().optional(),
  server_name: text().optional(),
  insecure_skip_verify: boolean.optional(),
  min_version: tlsVersion.optional(),
  max_version: tlsVersion.optional(),
});

const httpHeaders = z.record(
  z.string(),
  strict({ values: texts.optional(), secrets: texts.optional(), files: texts.optional() }),
);

const proxyShape = {
  proxy_url: text().optional(),
  no_proxy: text().optional(),
  proxy_from_environment: boolean.optional(),
  proxy_connect_header: z.record(z.string(), texts).optional(),
};

/** The keys by which Prometheus and Alertmanager reach an HTTP server. Source: Prometheus manual, `<http_config>`. */
export const httpClientShape = {
  basic_auth: strict({
    username: text().optional(),
    username_file: text().optional(),
    username_ref: text().optional(),
    password: text().optional(),
    password_file: text().optional(),
    password_ref: text().optional(),
  }).optional(),
  authorization: strict({
    type: text().optional(),
    credentials: text().optional(),
    credentials_file: text().optional(),
    credentials_ref: text().optional(),
  }).optional(),
  oauth2: strict({
    client_id: text(),
    client_secret: text().optional(),
    client_secret_file: text().optional(),
    client_secret_ref: text().optional(),
    client_certificate_key_id: text().optional(),
    client_certificate_key: text().optional(),
    client_certificate_key_file: text().optional(),
    client_certificate_key_ref: text().optional(),
    signature_algorithm: text().optional(),
    grant_type: text().optional(),
    iss: text().optional(),
    audience: text().optional(),
    claims: anyMapping.optional(),
    scopes: texts.optional(),
    token_url: webUrl,
    endpoint_params: labelMap.optional(),
    tls_config: tlsConfig.optional(),
    ...proxyShape,
  }).optional(),
  bearer_token: text().optional(),
  bearer_token_file: text().optional(),
  tls_config: tlsConfig.optional(),
  follow_redirects: boolean.optional(),
  enable_http2: boolean.optional(),
  http_headers: httpHeaders.optional(),
  ...proxyShape,
};

export type RawTls = z.output<typeof tlsConfig>;
export type RawHttpClient = z.output<z.ZodObject<typeof httpClientShape>>;
