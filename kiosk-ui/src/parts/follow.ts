/** A plain click on a link changes the screen without loading the page; another tab or window is the browser's to open. */
export function follow(event: MouseEvent, go: () => void): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go();
}
