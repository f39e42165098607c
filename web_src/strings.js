// User interface strings, in the language of the build: strings/ has a file for each.

import { CONFIG } from "./config.js";

/** The language of the strings, as a BCP 47 tag. */
export const LANGUAGE = CONFIG.language;

/** The strings by name; `messages` has those shown when there is no video. */
export const STRINGS = CONFIG.strings;

/** Formats a duration: 75 seconds is 1:15, an hour is 1:00:00. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  const [s, m, h] = parts.map((part) => String(part).padStart(2, "0"));
  return parts[2] ? `${parts[2]}:${m}:${s}` : `${parts[1]}:${s}`;
}

/** A language's own name for a BCP 47 tag, or the tag if the browser does not know it. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
