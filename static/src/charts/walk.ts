/** The arrow keys walk along a chart from column to column; null before the first step. */
export function walked(event: KeyboardEvent, now: number | null, count: number): number | null {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (!by || count === 0) return now;
  // The arrow keys move the plant everywhere else.
  event.preventDefault();
  event.stopPropagation();
  return Math.min(count - 1, Math.max(0, (now ?? (by > 0 ? -1 : count)) + by));
}
