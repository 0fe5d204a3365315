import { parseSearchWith, stringifySearchWith } from '@tanstack/react-router';

/**
 * Parameters of an address as a person would write them: text as it is (`from=1795300000000`, `q=level:error`), and JSON
 * only for lists and objects.
 */
export const parseSearch = parseSearchWith((text) => {
  if (!/^[[{]/.test(text)) return text;
  return JSON.parse(text) as unknown;
});

export const stringifySearch = stringifySearchWith((value) => JSON.stringify(value));
