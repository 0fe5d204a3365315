const WIDTH = 30;

/** `[########----------]  42 %` for a share of the work, 0 to 1. */
export function progressBar(ratio: number): string {
  const share = Math.min(1, Math.max(0, ratio));
  const full = Math.round(share * WIDTH);
  return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
