// The desk's keyboard: a scanner's burst of keys first, then the few keys a person presses.
import { type Key, PAUSE_MS, Wedge } from '../scanning/wedge';

export interface DeskKeys {
  code(texts: string[]): void;
  space(): void;
  /** Enter, where nothing else takes it. */
  enter?(): void;
  /** A digit of either row, or a letter, pressed by a person. */
  key?(name: string): void;
  escape(): void;
  undo(): void;
  search(): void;
}

const PRINTING = /^(Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal)|Space|Minus|Equal|Bracket(Left|Right)|Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash|IntlBackslash)$/;

/** Listens to the whole page until the returned function is called. A dialog suspends the shortcuts, not the scanner. */
export function listen(keys: DeskKeys): () => void {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let field: { element: Field; value: string } | null = null;
  /** A key that counts when no others follow: it may begin a scanner's burst. */
  let pending: string | null = null;
  const wedge = new Wedge((texts) => {
    if (field) takeOut(field);
    pending = null;
    keys.code(texts);
  });

  const end = () => {
    clearTimeout(pause);
    const ended = wedge.end();
    const alone = pending;
    pending = null;
    if (!ended && alone === ' ') keys.space();
    else if (!ended && alone) keys.key?.(alone);
    return ended;
  };

  const down = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return withControl(event);
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (wedge.bursting && end()) swallow(event);
      else if (event.key === 'Enter' && keys.enter && !event.repeat && isFree(event.target)) {
        event.preventDefault();
        if (pending) end();
        keys.enter();
      }
    } else if (event.key === 'Escape') {
      if (!isField(event.target) && !inDialog()) keys.escape();
    } else if (PRINTING.test(event.code)) printing(event);
  };

  const withControl = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'z' || isField(event.target) || inDialog()) return;
    event.preventDefault();
    keys.undo();
  };

  const printing = (event: KeyboardEvent) => {
    const target = event.target;
    const into = isField(target) ? 'field' : 'page';
    const key: Key = { code: event.code, shift: event.shiftKey, atMs: event.timeStamp, into };
    if (wedge.begins(key)) field = isField(target) ? { element: target, value: target.value } : null;
    wedge.key(key);
    clearTimeout(pause);
    pause = setTimeout(end, PAUSE_MS[into]);
    if (isField(target)) return;
    // Letters would choose in a list.
    if (target instanceof HTMLSelectElement) event.preventDefault();
    if (inDialog()) return;
    if (event.key === '/' && !wedge.bursting) {
      event.preventDefault();
      keys.search();
    } else if (event.code === 'Space' && !isPressable(target)) {
      // A space, like any single key, may also begin a scanner's burst: it counts when nothing follows.
      event.preventDefault();
      pending = !wedge.bursting && !event.repeat ? ' ' : null;
    } else pending = !wedge.bursting && !event.repeat && !(target instanceof HTMLSelectElement) ? nameOf(event) : null;
  };

  window.addEventListener('keydown', down, true);
  window.addEventListener('click', letGo);
  return () => {
    clearTimeout(pause);
    window.removeEventListener('keydown', down, true);
    window.removeEventListener('click', letGo);
  };
}

/** What the scanner typed into a field by the way is taken out again, and the field let go. */
function takeOut({ element, value }: { element: Field; value: string }): void {
  element.value = value;
  element.dispatchEvent(new Event('input', { bubbles: true }));
  if (!inDialog()) element.blur();
}

/** After a touch or a click the space bar belongs to the desk again, not to what was clicked. */
function letGo(event: MouseEvent): void {
  const focused = document.activeElement;
  const pointer = event.detail > 0;
  if (pointer && focused instanceof HTMLElement && !isField(focused) && !inDialog()) focused.blur();
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function inDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

function isFree(target: EventTarget | null): boolean {
  return !isField(target) && !isPressable(target) && !inDialog();
}

/** Digits by their place, as AZERTY wants shift for them; letters by what they say. */
function nameOf(event: KeyboardEvent): string {
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? event.key.toLowerCase();
}

type Field = HTMLInputElement | HTMLTextAreaElement;

function isField(target: EventTarget | null): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'file', 'button', 'range'].includes(target.type);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, select, input, [role=option]') !== null;
}
