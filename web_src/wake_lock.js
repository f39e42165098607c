// Screen wake lock: the screen stays on while the video plays.

/** Keeps the screen on while `video` plays; https://www.w3.org/TR/screen-wake-lock/ . */
export function keepAwake(video) {
  let asked = null;
  const update = () => {
    if (video.paused || document.visibilityState !== "visible") {
      asked?.then((lock) => lock?.release());
      asked = null;
    } else {
      // refused with little battery, for instance
      asked ??= navigator.wakeLock?.request("screen").catch(() => null);
    }
  };
  for (const name of ["playing", "pause", "emptied"]) video.addEventListener(name, update);
  document.addEventListener("visibilitychange", update);
}
