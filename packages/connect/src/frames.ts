// Moments: of the browser's drawing, and after a while. A tab that nobody looks at draws nothing.

/** After so many milliseconds; after none, in a task of its own. */
export function pause(milliseconds?: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Before the next frame is drawn. */
export function soon(act: () => void): void {
  if (document.hidden) setTimeout(act);
  else requestAnimationFrame(act);
}

/** Resolves when the frame that is due has been drawn. */
export function drawn(): Promise<unknown> {
  return new Promise((resolve) => soon(() => setTimeout(resolve)));
}
