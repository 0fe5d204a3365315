import { createRootRoute, retainSearchParams } from '@tanstack/react-router';
import { readRangeSearch } from '../range/range-search.ts';
import { Frame } from './Frame.tsx';
import { NotFound } from './NotFound.tsx';

/** The frame around every page; the range of the application travels with every address. */
export const rootRoute = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  validateSearch: readRangeSearch,
  search: { middlewares: [retainSearchParams(['from', 'to', 'live'])] },
});
