/**
 * An object whose missing members say so: reading one that the double does not have throws its name, so that a test never
 * passes on something that nobody built.
 */
export function strict<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && key !== 'then' && key !== 'toJSON') {
        throw new Error(`electron double: ${name}.${key} is not implemented`);
      }
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}
