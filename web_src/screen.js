// What fills the page: the start, a message, or the picture; and the notice below it.

import { STRINGS } from "./strings.js";

const element = (id) => document.getElementById(id);

/** Whether this message fills the page. */
export function isTelling(key) {
  return document.body.dataset.screen === "message" && document.body.dataset.message === key;
}

/** Shows a message of strings.js; `act` does what its button says. */
export function showMessage(key, act) {
  const { heading, text, act: label } = STRINGS.messages[key];
  element("heading").textContent = heading;
  element("text").textContent = text;
  offer(element("act"), label, act);
  document.body.dataset.message = key;
  document.body.dataset.screen = "message";
  document.title = heading;
  element("heading").focus(); // so that a screen reader tells it
}

/** Shows the picture. */
export function showPicture() {
  document.body.dataset.screen = "watching";
  document.title = STRINGS.title;
}

/** Says the text of a message beside the picture; nothing more without a key. */
export function notice(key, act) {
  const { text = "", act: label } = STRINGS.messages[key] ?? {};
  element("notice-text").textContent = text;
  offer(element("notice-act"), label, act);
}

/** Names the viewer, who can sign out from now on. */
export function showViewer(viewer, signOut) {
  element("viewer").textContent = viewer;
  element("sign-out").onclick = signOut;
  element("account").hidden = false;
}

function offer(button, label, act) {
  button.hidden = !label;
  button.textContent = label ?? "";
  button.onclick = act;
}
