import * as z from 'zod';
import { read, write } from './procedure.ts';

/** Epoch milliseconds. */
const timeSchema = z.object({ from: z.number(), until: z.number() });

/** A time in which checks may fail: from the configuration, or begun by hand. */
export const maintenanceSchema = z.object({
  /** The number of one that was begun by hand, which can be ended; null for one of the configuration. */
  id: z.number().int().nullable(),
  name: z.string(),
  /** Names of checks, and label conditions such as `team="core"`; it holds for every check where both are empty. */
  checks: z.array(z.string()),
  matchers: z.array(z.string()),
  /** The time that is going on; null when none is. */
  active: timeSchema.nullable(),
  next: timeSchema.nullable(),
});
export type Maintenance = z.infer<typeof maintenanceSchema>;

const LONGEST_MINUTES = 31 * 24 * 60;

export const maintenance = {
  list: read
    .route({ method: 'GET', path: '/maintenance', summary: 'Maintenance that is going on or comes' })
    .output(z.array(maintenanceSchema)),
  begin: write
    .route({
      method: 'POST',
      path: '/maintenance',
      summary: 'Expect checks to fail for some minutes: no alerts, and no downtime in their history',
    })
    .input(
      z.object({
        name: z.string().min(1).max(200),
        minutes: z.number().int().min(1).max(LONGEST_MINUTES),
        checks: z.array(z.string()).max(1000).default([]),
        /** Label conditions such as `team="core"`. */
        matchers: z.array(z.string().max(1000)).max(50).default([]),
      }),
    )
    .output(maintenanceSchema),
  end: write
    .route({ method: 'POST', path: '/maintenance/end', summary: 'End a maintenance that was begun by hand' })
    .input(z.object({ id: z.number().int() }))
    .output(z.object({ ended: z.boolean() })),
};
