import { EventEmitter } from 'node:events';
import type { Page } from 'playwright-core';

/** Binary data cannot cross the test browser's bridge; it goes as base64 under a name of its own. */
export type BridgedData = { readonly text: string } | { readonly base64: string };

/**
 * The main process's end of a channel whose other end a page holds. Messages wait until `start`, as in Electron.
 */
export class MessagePortMainDouble extends EventEmitter {
  readonly id: number;
  #page: Page;
  #started = false;
  #closed = false;
  #waiting: unknown[] = [];

  constructor(id: number, page: Page) {
    super();
    this.id = id;
    this.#page = page;
  }

  start(): void {
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }

  postMessage(message: unknown): void {
    if (this.#closed) return;
    const data = bridge(message);
    // A page that navigates or closes takes its ports along; what was under way is lost, as with a real port.
    this.#page
      .evaluate(([id, sent]) => globalThis.__electronDouble.toPort(id, sent), [this.id, data] as const)
      .catch(() => this.close());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }

  receive(data: BridgedData): void {
    const message = 'text' in data ? data.text : new Uint8Array(Buffer.from(data.base64, 'base64'));
    if (this.#started) this.emit('message', { data: message, ports: [] });
    else this.#waiting.push(message);
  }
}

function bridge(message: unknown): BridgedData {
  if (typeof message === 'string') return { text: message };
  if (message instanceof Uint8Array) return { base64: Buffer.from(message).toString('base64') };
  throw new Error(`electron double: a port carries text and bytes, not ${typeof message}`);
}

declare global {
  /** What the preload runtime leaves in a page for the double. */
  var __electronDouble: { toPort(id: number, data: BridgedData): void };
}
