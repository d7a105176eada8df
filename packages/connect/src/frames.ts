// Moments of the browser's drawing. A tab that nobody looks at draws nothing.

/** Before the next frame is drawn. */
export function soon(act: () => void): void {
  if (document.hidden) setTimeout(act);
  else requestAnimationFrame(act);
}

/** Resolves when the frame that is due has been drawn. */
export function drawn(): Promise<unknown> {
  return new Promise((resolve) => soon(() => setTimeout(resolve)));
}
