import { createRoute } from '@tanstack/react-router';
import { rootRoute } from '../../app/root-route.ts';
import { ComputerPage } from './ComputerPage.tsx';

export const computerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/computer',
  component: ComputerPage,
});
