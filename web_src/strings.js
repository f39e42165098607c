// User interface strings; to translate the page, replace this file.

export const STRINGS = {
  title: "Live stream",
  signOut: "Sign out",
  unmute: "Turn on sound",
  controls: "Player",
  seek: "Position",
  volume: "Volume",
  live: "Live",
  play: "Play",
  pause: "Pause",
  mute: "Mute",
  sound: "Unmute",
  quality: "Quality",
  automatic: "Automatic",
  audio: "Audio",
  captions: "Captions",
  off: "Off",
  pictureInPicture: "Picture in picture",
  fullscreen: "Full screen",

  // Shown when there is no video: a heading, a text, and an optional button
  messages: {
    welcome: { heading: "Live stream", text: "Sign in to watch.", act: "Sign in" },
    waiting: {
      heading: "Not on air",
      text: "Playback starts automatically when the stream begins.",
    },
    unreachable: {
      heading: "No connection",
      text: "The stream cannot be reached. The page keeps trying.",
    },
    busy: {
      heading: "Please wait",
      text: "Too many viewers are arriving at once. The page keeps trying.",
    },
    signInEnded: {
      heading: "Your session has expired",
      text: "Sign in again to keep watching.",
      act: "Sign in",
    },
    signInFailed: {
      heading: "You are not signed in",
      text: "Sign-in failed. Please try again.",
      act: "Sign in",
    },
    notAllowed: {
      heading: "You cannot watch this stream",
      text: "Your account has no access. Ask the person who invited you, or use another account.",
      act: "Sign out",
    },
    noCookies: {
      heading: "The stream rejected this browser",
      text: "Allow cookies for this page and try again. If that fails, ask the person who invited you.",
      act: "Try again",
    },
    stillSignedIn: {
      heading: "You are still signed in",
      text: "Signing out requires a connection. Please try again.",
      act: "Sign out",
    },
    unsupported: {
      heading: "This browser cannot play the stream",
      text: "Please use a current version of Chrome, Edge, Firefox, or Safari.",
    },
    broken: {
      heading: "Something went wrong",
      text: "The page could not start. Please try again in a moment.",
      act: "Try again",
    },
  },
};

/** Formats a duration: 75 seconds is 1:15, an hour is 1:00:00. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [whole % 60, Math.floor(whole / 60) % 60, Math.floor(whole / 3600)];
  const [s, m, h] = parts.map((part) => String(part).padStart(2, "0"));
  return parts[2] ? `${parts[2]}:${m}:${s}` : `${parts[1]}:${s}`;
}

/** How far behind the live edge, for screen readers. */
export const behindLive = (seconds) => `${clock(seconds)} behind live`;

/** A language's own name for a BCP 47 tag, or the tag if the browser does not know it. */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Fills in the strings of the elements that name them. */
export function fill(root) {
  for (const element of root.querySelectorAll("[data-string]")) {
    element.textContent = STRINGS[element.dataset.string];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", STRINGS[element.dataset.label]);
  }
}
