// Screens: the spinner, a message, or the video; and notices over them.

import { CONFIG } from "./config.js";
import { STRINGS } from "./strings.js";

const element = (id) => document.getElementById(id);

/** Whether this message is on screen. */
export function isTelling(key) {
  return document.body.dataset.screen === "message" && document.body.dataset.message === key;
}

/** Shows a message from strings.js, instead of any notice; `act` handles its button. */
export function showMessage(key, act) {
  const { heading, text, act: label } = STRINGS.messages[key];
  notice(null);
  element("heading").textContent = heading;
  element("text").textContent = text;
  offer(element("act"), label, act);
  document.body.dataset.message = key;
  document.body.dataset.screen = "message";
  document.title = `${heading} – ${CONFIG.title}`;
  element("heading").focus(); // so that a screen reader announces it
}

/** Shows the video. */
export function showPicture() {
  const isBack = document.body.dataset.screen === "message";
  document.body.dataset.screen = "watching";
  document.title = CONFIG.showTitle ?? CONFIG.title;
  if (!isBack) return;
  element("picture").focus(); // what had it is gone
  announce(STRINGS.playing);
}

/** Shows the text of a message over the video; removes it without a key. */
export function notice(key, act) {
  const { text = "", act: label } = STRINGS.messages[key] ?? {};
  element("notice").dataset.shown = Boolean(text);
  // only what is new is read out
  if (element("notice-text").textContent !== text) element("notice-text").textContent = text;
  offer(element("notice-act"), label, act);
}

/** Tells screen readers only. */
export function announce(text) {
  element("announcement").textContent = text;
}

/** Shows the viewer's name and the sign-out button. */
export function showViewer(viewer, signOut) {
  element("viewer").textContent = viewer;
  element("sign-out").onclick = signOut;
  element("account").hidden = false;
}

/** In a low window, the header comes and goes with the player's controls. */
export function showControls(areShown) {
  document.body.dataset.controls = areShown ? "shown" : "hidden";
}

/** Removes the viewer's name and the sign-out button. */
export function hideViewer() {
  element("account").hidden = true;
}

function offer(button, label, act) {
  button.hidden = !label;
  button.textContent = label ?? "";
  button.onclick = act;
}
