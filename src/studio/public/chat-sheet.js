/** Sheets that slide up from below: the browser's own modal dialog, with the focus kept inside. */
import { button, make } from './chat-bubbles.js';
import { directionOf } from './chat-words.js';

const focusable = (dialog) => [...dialog.querySelectorAll('button')].filter((element) => !element.disabled);

/** Tab goes round inside, arrows go from row to row, a tap beside the sheet closes it; Esc is the browser's. */
export function readySheet(dialog) {
  dialog.addEventListener('keydown', (event) => {
    const all = focusable(dialog);
    const rows = [...dialog.querySelectorAll('.rows button')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = rows.indexOf(document.activeElement);
    if (step && rows.length > 0) {
      event.preventDefault();
      rows[at < 0 ? 0 : (at + step + rows.length) % rows.length].focus();
    } else if (event.key === 'Tab') {
      const edge = event.shiftKey ? all[0] : all.at(-1);
      const inside = all.includes(document.activeElement);
      if (inside && document.activeElement !== edge) return;
      if (!inside && !event.shiftKey) return;
      event.preventDefault();
      (event.shiftKey ? all.at(-1) : all[0])?.focus();
    }
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Unfolds a list: its rows with their descriptions; `choose(row)` is called when one is tapped. */
export function openList(dialog, list, language, choose) {
  dialog.lang = language;
  dialog.dir = directionOf(language);
  const title = dialog.querySelector('h2');
  title.textContent = list.button;
  const rows = list.rows.map((row) => {
    const element = button(
      'list-row',
      () => {
        dialog.close();
        choose(row);
      },
      make('span', 'list-title', row.title),
    );
    if (row.description) element.append(' ', make('span', 'list-detail', row.description));
    element.append(make('span', 'list-dot'));
    return element;
  });
  dialog.querySelector('.rows').replaceChildren(...rows);
  dialog.showModal();
  title.focus();
}
