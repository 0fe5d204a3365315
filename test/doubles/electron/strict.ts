/**
 * An object whose missing members say so: reading one that the double does not have throws its name, so that a test never
 * passes on something that nobody built.
 */
export function strict<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key) {
      if (typeof key === 'string' && !(key in target) && key !== 'then' && key !== 'toJSON') {
        throw new Error(`electron double: ${name}.${key} is not implemented`);
      }
      const value: unknown = Reflect.get(target, key, target);
      // Private fields belong to the object behind the proxy, so its methods run on that.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
