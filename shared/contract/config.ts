import * as z from 'zod';
import { problemSchema, read, write } from './procedure.ts';

const configFileSchema = z.object({
  path: z.string(),
  kind: z.enum(['main', 'rules', 'alertmanager']),
  writable: z.boolean(),
});

const filePath = z.object({ path: z.string() });

export const config = {
  files: read
    .route({ method: 'GET', path: '/config/files', summary: 'The files that make up the configuration' })
    .output(z.array(configFileSchema)),
  /** A write in the sense of access: the text may hold what the owner would not show to every reader. */
  readFile: write
    .route({ method: 'GET', path: '/config/file', summary: 'The text of one of them' })
    .input(filePath)
    .output(z.object({ path: z.string(), text: z.string() })),
  effective: read
    .route({
      method: 'GET',
      path: '/config/effective',
      summary: 'What runs, and where each value came from; secrets hidden',
    })
    .output(z.object({ text: z.string() })),
  checkFile: read
    .route({ method: 'POST', path: '/config/check', summary: 'Every problem of a text, without using it' })
    .input(filePath.extend({ text: z.string().max(5_000_000) }))
    .output(z.object({ problems: z.array(problemSchema) })),
  saveFile: write
    .route({
      method: 'PUT',
      path: '/config/file',
      summary: 'Check, write and use a file; CONFLICT if it changed meanwhile',
    })
    .input(filePath.extend({ text: z.string().max(5_000_000), previousText: z.string() }))
    .output(z.object({ loadedAt: z.number() })),
};

/** Something on this machine that could be watched. */
export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum(['exporter', 'health', 'http', 'database', 'log', 'other']),
  title: z.string(),
  /** `127.0.0.1:9100`, or the path of a log. */
  address: z.string(),
  owner: z.string().nullable(),
  /** Why it was recognised as that. */
  evidence: z.string(),
  /** What watching it would add. */
  adds: z.enum(['scrape', 'check', 'log', 'none']),
  watched: z.boolean(),
});
export type Finding = z.infer<typeof findingSchema>;

export const discovery = {
  scan: write
    .route({ method: 'POST', path: '/discovery/scan', summary: 'Look for what listens on this machine; loopback only' })
    .output(z.array(findingSchema)),
  watch: write
    .route({ method: 'POST', path: '/discovery/watch', summary: 'Add findings to the configuration' })
    .input(z.object({ ids: z.array(z.string()).min(1).max(500) }))
    .output(z.object({ added: z.number().int() })),
};
