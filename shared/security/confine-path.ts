/**
 * The path of a file below a root, from the path of a URL: segments joined by `/`, without a leading one; null for
 * anything that could leave the root or confuse a file system (`..`, backslashes, NUL, drive letters, bad escapes).
 */
export function confinePath(urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    // A broken escape is refused like every other path that is not one of ours.
    return null;
  }
  if (/[\\:]/.test(decoded) || decoded.includes('\0') || decoded.includes('%')) return null;
  const segments = decoded.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment === '.' || segment === '..') ? null : segments.join('/');
}
