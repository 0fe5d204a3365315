import type { Service } from '../../../shared/contract/services.ts';
import type { State } from '../../../shared/model/state.ts';

/** A service with everything that a search looks at, in lower case. */
export interface SearchableService {
  readonly service: Service;
  readonly text: string;
}

export function searchable(services: readonly Service[]): SearchableService[] {
  return services.map((service) => ({
    service,
    text: [service.name, service.group, service.address, service.message ?? '', ...Object.values(service.labels)]
      .join('\n')
      .toLowerCase(),
  }));
}

/** The services that hold every word of the query and, if one is given, have the state. Keeps the order. */
export function filterServices(all: readonly SearchableService[], query: string, state: State | undefined): Service[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return all
    .filter(
      ({ service, text }) =>
        (state === undefined || service.state === state) && words.every((word) => text.includes(word)),
    )
    .map(({ service }) => service);
}
