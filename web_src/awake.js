// Screen wake lock while the video plays, and what a lock screen shows.

import { CONFIG } from "./config.js";

/** Keeps the screen on while `video` plays; https://www.w3.org/TR/screen-wake-lock/ . */
export function keepAwake(video) {
  let lock = null;
  const update = async () => {
    const isWanted = !video.paused && document.visibilityState === "visible";
    if (!isWanted || lock) {
      if (!isWanted) lock = void lock?.release();
      return;
    }
    // refused with little battery, for instance
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    lock?.addEventListener("release", () => (lock = null));
  };
  for (const name of ["playing", "pause", "emptied"]) video.addEventListener(name, update);
  document.addEventListener("visibilitychange", update);
}

/** Names the stream on lock screens and media keys; https://www.w3.org/TR/mediasession/ . */
export function nameStream() {
  if (!("mediaSession" in navigator)) return;
  const { title, showTitle, poster, logo } = CONFIG;
  const image = poster ?? logo;
  navigator.mediaSession.metadata = new MediaMetadata({
    title: showTitle ?? title,
    artist: showTitle ? title : "",
    artwork: image ? [{ src: image }] : [],
  });
}
