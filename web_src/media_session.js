// Media Session: what lock screens and media keys show.

import { CONFIG } from "./config.js";

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
