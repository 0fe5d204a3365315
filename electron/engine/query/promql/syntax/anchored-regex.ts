import { RE2JS } from 're2js';

export type RegexResult =
  { readonly ok: true; readonly pattern: RE2JS } | { readonly ok: false; readonly message: string };

/**
 * Compile a regular expression of a query: it matches whole values, and its dot matches newlines.
 * Source: Prometheus 3, model/labels/regexp.go.
 */
export function anchoredRegex(pattern: string): RegexResult {
  try {
    return { ok: true, pattern: RE2JS.compile(`^(?s:${pattern})$`) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, message: error.message };
  }
}
