export { compileRelabel } from './relabel.ts';
export type { Relabel } from './relabel.ts';
