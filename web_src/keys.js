// Keyboard: the page's own shortcuts, when shortcuts act at all, and the dialog that lists them.

import { STRINGS } from "./strings.js";

/** Where the viewer's choice is kept, if the browser allows it. */
const STORED = "single-key-shortcuts";

/** Keys other than letters, digits and signs, which can be turned off: WCAG 2.1, 2.1.4. */
const NO_CHARACTER = /^( |.{2,})$/;

/** The keys that may be held down. */
const REPEATABLE = /^(Arrow|Page)/;

const element = (id) => document.getElementById(id);

/** The keyboard while the video is on screen. */
export class Keys {
  #shortcuts;
  #areOn = stored() !== "off";

  /** `shortcuts` are functions by the key that calls them. */
  constructor(shortcuts) {
    this.#shortcuts = { ...shortcuts, "?": () => this.show() };
    // before Shaka's UI, which listens to the window as well
    addEventListener("keydown", (event) => this.#take(event), true);
    element("keys-list").replaceChildren(...Object.values(STRINGS.shortcuts).flatMap(described));
    const box = element("keys-on");
    box.checked = this.#areOn;
    box.onchange = () => this.#turn(box.checked);
    element("keys-close").onclick = () => element("keys-help").close();
  }

  /** Opens the dialog. */
  show() {
    element("keys-help").showModal();
  }

  #turn(on) {
    this.#areOn = on;
    try {
      localStorage.setItem(STORED, on ? "on" : "off");
    } catch {
      // the choice lasts until the page is left
    }
  }

  #take(event) {
    const { key } = event;
    const act = this.#shortcuts[key.length === 1 ? key.toLowerCase() : key];
    if (!this.#isMeant(event)) event.stopPropagation();
    else if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }

  /** Whether a key is for the player; if not, only what has the focus gets it. */
  #isMeant({ key, repeat, target, altKey, ctrlKey, metaKey }) {
    if (key === "Escape" || key === "Tab") return true;
    const isElsewhere = document.body.dataset.screen !== "watching" || element("keys-help").open;
    if (altKey || ctrlKey || metaKey || isElsewhere) return false;
    if (repeat && !REPEATABLE.test(key)) return false;
    if (!this.#areOn && !NO_CHARACTER.test(key)) return false;
    if (/^Arrow(Up|Down)$/.test(key)) return !target.closest("input, .shaka-overflow-menu");
    if (/^Arrow/.test(key)) return !target.closest(".shaka-overflow-menu");
    return !/^( |Enter)$/.test(key) || !target.closest("a, button");
  }
}

function described({ keys, meaning }) {
  const [term, description] = ["dt", "dd"].map((tag) => document.createElement(tag));
  term.textContent = keys;
  description.textContent = meaning;
  return [term, description];
}

function stored() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
