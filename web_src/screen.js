// Screens: the spinner, a message, or the video; and the notice below it.

import { STRINGS } from "./strings.js";

const element = (id) => document.getElementById(id);

/** Whether this message is on screen. */
export function isTelling(key) {
  return document.body.dataset.screen === "message" && document.body.dataset.message === key;
}

/** Shows a message from strings.js; `act` handles its button. */
export function showMessage(key, act) {
  const { heading, text, act: label } = STRINGS.messages[key];
  element("heading").textContent = heading;
  element("text").textContent = text;
  offer(element("act"), label, act);
  document.body.dataset.message = key;
  document.body.dataset.screen = "message";
  document.title = heading;
  element("heading").focus(); // so that a screen reader announces it
}

/** Shows the video. */
export function showPicture() {
  document.body.dataset.screen = "watching";
  document.title = STRINGS.title;
}

/** Shows the text of a message below the video; clears it without a key. */
export function notice(key, act) {
  const { text = "", act: label } = STRINGS.messages[key] ?? {};
  element("notice-text").textContent = text;
  offer(element("notice-act"), label, act);
}

/** Shows the viewer's name and the sign-out button. */
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
