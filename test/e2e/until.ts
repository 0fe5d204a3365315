const STEP_MS = 50;

/**
 * Ask again until the answer is one, and give it back.
 *
 * @throws with the last answer when none comes in time
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T> | T,
  isGood: (answer: T) => boolean = Boolean,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s; last: ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, STEP_MS);
    });
  }
}
