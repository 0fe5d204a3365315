/** Pages of ours and of the standards that the interface refers to; nothing else is opened without being configured. */
const DOCUMENTATION_HOSTS = ['prometheus.io', 'github.com', 'www.electronjs.org'] as const;

/**
 * Whether a link may leave for the system's browser: https only, no user name in it, plain host name, and a host that is
 * documentation or one that the configuration watches.
 *
 * @param watchedHosts hosts of configured targets and checks, without port
 */
export function mayOpenExternally(url: string, watchedHosts: readonly string[] = []): boolean {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return false;
  // An international name arrives as punycode; a look-alike must not pass as the host that it imitates.
  if (parsed.hostname.split('.').some((label) => label.startsWith('xn--'))) return false;
  return [...DOCUMENTATION_HOSTS, ...watchedHosts].includes(parsed.hostname);
}
