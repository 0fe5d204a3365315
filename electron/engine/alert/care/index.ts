export { createAlertCares } from './alert-cares.ts';
export type { AlertCares } from './alert-cares.ts';
export { createIncidentBook } from './incident-book.ts';
export type { IncidentBook } from './incident-book.ts';
export { incidentTimeline } from './incident-timeline.ts';
export type { TimelineEntry } from './incident-timeline.ts';
export { isQuietAt } from './quiet-hours.ts';
