import { createContext, useContext } from 'react';

/** The server that the queries of this part of the interface go to, by its name in the configuration; null for this instance. */
export const DataSourceContext = createContext<string | null>(null);

/** As a part of a call's input. */
export function useDataSource(): { readonly source?: string } {
  const source = useContext(DataSourceContext);
  return source === null ? {} : { source };
}
