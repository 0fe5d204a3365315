/**
 * In a thread that never uses fetch: let names of the fetch API stand for classes that no value belongs to. Node loads a
 * whole HTTP client of 9 MB the moment anyone looks at one of them, and the libraries of a worker do look: they ask
 * whether a value is a `FormData`, or whether there is a `Request`. It has to come before them, so the thread's own
 * modules are imported after it.
 *
 * Assigned, not defined: to define a property reads the old one first.
 */
export function withoutFetch(): void {
  for (const name of ['FormData', 'Headers', 'Request', 'Response'])
    Object.assign(globalThis, { [name]: nobodysClass() });
}

function nobodysClass(): object {
  return function () {
    throw new Error('There is no fetch API in this thread.');
  };
}
