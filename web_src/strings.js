// Every string that a viewer reads or hears; another language is another file like this one.

export const STRINGS = {
  title: "Live stream",
  signOut: "Sign out",
  unmute: "Turn the sound on",
  controls: "Player",
  seek: "Position",
  volume: "Volume",
  live: "Live",
  play: "Play",
  pause: "Pause",
  mute: "Mute",
  sound: "Sound on",
  quality: "Quality",
  automatic: "Automatic",
  audio: "Audio",
  captions: "Captions",
  off: "Off",
  pictureInPicture: "Picture in picture",
  fullscreen: "Full screen",

  // What fills the page when there is no picture: a heading, a sentence, and perhaps one thing to do
  messages: {
    welcome: { heading: "Live stream", text: "Sign in to watch.", act: "Sign in" },
    waiting: {
      heading: "Not on air",
      text: "The picture comes by itself as soon as the stream starts.",
    },
    unreachable: {
      heading: "No connection",
      text: "The stream cannot be reached just now. The page keeps trying.",
    },
    signInEnded: {
      heading: "Your sign‑in has ended",
      text: "Sign in again to go on watching.",
      act: "Sign in",
    },
    signInFailed: {
      heading: "You are not signed in",
      text: "Signing in did not work. Please try again.",
      act: "Sign in",
    },
    notAllowed: {
      heading: "You may not watch this stream",
      text: "Your account is not admitted. Ask whoever invited you, or use another account.",
      act: "Sign out",
    },
    noCookies: {
      heading: "The stream refuses this browser",
      text: "Allow cookies for this page and try again. If it stays like this, ask whoever invited you.",
      act: "Try again",
    },
    stillSignedIn: {
      heading: "You are still signed in",
      text: "Signing out needs the network. Please try again.",
      act: "Sign out",
    },
    unsupported: {
      heading: "This browser cannot play the stream",
      text: "Please use a current version of Chrome, Edge, Firefox or Safari.",
    },
    broken: {
      heading: "Something went wrong",
      text: "The page could not start. Please try again in a moment.",
      act: "Try again",
    },
  },
};

/** A length of time as a clock shows it: 75 seconds are 1:15, an hour is 1:00:00. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  const [s, m, h] = parts.map((part) => String(part).padStart(2, "0"));
  return parts[2] ? `${parts[2]}:${m}:${s}` : `${parts[1]}:${s}`;
}

/** How far behind the live edge, for those who listen. */
export const behindLive = (seconds) => `${clock(seconds)} behind live`;

/** A language's own name for a tag of BCP 47, or the tag where the browser knows none. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Writes the strings into the elements that ask for them. */
export function fill(root) {
  for (const element of root.querySelectorAll("[data-string]")) {
    element.textContent = STRINGS[element.dataset.string];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", STRINGS[element.dataset.label]);
  }
}
