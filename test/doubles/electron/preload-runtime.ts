/**
 * The text that runs a sandboxed preload in a page of the test browser: `require` knows `electron` and nothing else, and
 * the preload gets `contextBridge` and `ipcRenderer` alone. There is no isolated world here, so the bridge functions are
 * taken out of the page's reach before its scripts run.
 *
 * @param source the built preload, one CommonJS file
 */
export function preloadRuntime(source: string): string {
  return `(() => {
  const toMain = globalThis.__electronDoubleToMain;
  delete globalThis.__electronDoubleToMain;
  // A preload runs in the top frame alone.
  if (location.protocol !== 'http:' || !location.hostname.endsWith('.localhost') || window !== window.top) return;
  void toMain({ kind: 'document' });
  const ports = new Map();
  let nextPort = 1;
  const encode = (data) => {
    if (typeof data === 'string') return { text: data };
    let binary = '';
    for (const byte of new Uint8Array(data.buffer ?? data)) binary += String.fromCharCode(byte);
    return { base64: btoa(binary) };
  };
  const decode = (data) => 'text' in data ? data.text : Uint8Array.from(atob(data.base64), (c) => c.charCodeAt(0));
  Object.defineProperty(globalThis, '__electronDouble', {
    enumerable: false,
    value: Object.freeze({ toPort: (id, data) => ports.get(id)?.postMessage(decode(data)) }),
  });
  const ipcRenderer = Object.freeze({
    postMessage(channel, message, transfer = []) {
      const ids = transfer.map((port) => {
        const id = nextPort++;
        ports.set(id, port);
        port.onmessage = (event) => void toMain({ kind: 'port', id, data: encode(event.data) });
        return id;
      });
      void toMain({ kind: 'message', channel, message: structuredClone(message), ports: ids });
    },
  });
  const contextBridge = Object.freeze({
    exposeInMainWorld(key, api) {
      Object.defineProperty(globalThis, key, { value: Object.freeze(api), writable: false, configurable: false });
    },
  });
  const process = Object.freeze({ platform: ${JSON.stringify(process.platform)} });
  const require = (name) => {
    if (name !== 'electron') throw new Error('a sandboxed preload may not require ' + name);
    return { contextBridge, ipcRenderer };
  };
  const module = { exports: {} };
  (function (require, module, exports, process) {
${source}
  })(require, module, module.exports, process);
})();`;
}
