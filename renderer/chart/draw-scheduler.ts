/** A place on the page that wants to be drawn from time to time. */
export interface DrawTicket {
  /** Ask to be drawn; asking again before it happened changes nothing. */
  request(): void;
  dispose(): void;
}

export interface DrawScheduler {
  /** `draw` runs only while the element is in view and the page is visible, and never two in one frame. */
  register(element: Element, draw: () => void): DrawTicket;
}

interface Entry {
  readonly draw: () => void;
  inView: boolean;
  wanted: boolean;
}

/**
 * Spreads drawing over frames: one chart per frame, none out of view, none while the page is hidden. What was asked
 * for meanwhile is drawn once when it comes into view.
 */
export function createDrawScheduler(): DrawScheduler {
  const entries = new Map<Element, Entry>();
  let frame = 0;

  const next = (): void => {
    frame = 0;
    const due = [...entries.values()].find((entry) => entry.wanted && entry.inView);
    if (due === undefined || document.hidden) return;
    due.wanted = false;
    due.draw();
    schedule();
  };
  const schedule = (): void => {
    if (frame !== 0 || document.hidden) return;
    if ([...entries.values()].some((entry) => entry.wanted && entry.inView)) frame = requestAnimationFrame(next);
  };
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const entry = entries.get(target);
        if (entry !== undefined) entry.inView = isIntersecting;
      }
      schedule();
    },
    { rootMargin: '64px' },
  );
  document.addEventListener('visibilitychange', schedule);

  return {
    register(element, draw) {
      const entry: Entry = { draw, inView: false, wanted: false };
      entries.set(element, entry);
      observer.observe(element);
      return {
        request() {
          entry.wanted = true;
          schedule();
        },
        dispose() {
          observer.unobserve(element);
          entries.delete(element);
        },
      };
    },
  };
}
