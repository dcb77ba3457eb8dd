// The desk's keyboard: a scanner's burst of keys first, then the few keys a person presses.
import { type Key, PAUSE_MS, Wedge } from '../scanning/wedge';

export interface DeskKeys {
  code(texts: string[]): void;
  space(): void;
  escape(): void;
  undo(): void;
  search(): void;
}

const PRINTING = /^(Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal)|Space|Minus|Equal|Bracket(Left|Right)|Backslash|Semicolon|Quote|Backquote|Comma|Period|Slash|IntlBackslash)$/;

/** Listens to the whole page until the returned function is called. */
export function listen(keys: DeskKeys): () => void {
  let pause: ReturnType<typeof setTimeout> | undefined;
  let field: { element: HTMLInputElement; value: string } | null = null;
  let space = false;
  const wedge = new Wedge((texts) => {
    // What the scanner typed into a field by the way is taken out again.
    if (field) {
      field.element.value = field.value;
      field.element.dispatchEvent(new Event('input', { bubbles: true }));
    }
    space = false;
    keys.code(texts);
  });

  const end = () => {
    clearTimeout(pause);
    const ended = wedge.end();
    if (!ended && space) keys.space();
    space = false;
    return ended;
  };

  const down = (event: KeyboardEvent) => {
    if (event.isComposing || document.querySelector('dialog[open]')) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() === 'z' && !isField(event.target)) {
        event.preventDefault();
        keys.undo();
      }
      return;
    }
    if (event.key === 'Enter' || event.key === 'Tab') {
      if (wedge.bursting && end()) {
        event.preventDefault();
        event.stopPropagation();
      }
      return;
    }
    if (event.key === 'Escape') {
      if (!isField(event.target)) keys.escape();
      return;
    }
    if (PRINTING.test(event.code)) printing(event);
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
    if (event.key === '/' && !wedge.bursting) {
      event.preventDefault();
      return keys.search();
    }
    if (event.code === 'Space' && !isPressable(target)) {
      // A space may also be part of a scanner's burst: it counts when nothing follows.
      event.preventDefault();
      space = !wedge.bursting && !event.repeat;
    } else space = false;
  };

  window.addEventListener('keydown', down, true);
  return () => {
    clearTimeout(pause);
    window.removeEventListener('keydown', down, true);
  };
}

function isField(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'file', 'button'].includes(target.type);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, select, input, [role=option]') !== null;
}
