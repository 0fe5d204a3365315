/** Where the two worker threads start. */
export interface WorkerUrls {
  readonly metrics: URL;
  readonly logs: URL;
}

/**
 * The scripts of the workers, as seen from a composition root: beside the bundle when built, in `engine/threads/` from source.
 *
 * @param baseUrl `import.meta.url` of the composition root
 */
export function workerUrls(baseUrl: string): WorkerUrls {
  const isSource = baseUrl.endsWith('.ts');
  const script = (name: string): URL => new URL(isSource ? `./engine/threads/${name}.ts` : `./${name}.js`, baseUrl);
  return { metrics: script('metrics-worker'), logs: script('logs-worker') };
}
