// Player controls: by pointer, keyboard, and screen reader.

import { STRINGS, behindLive, clock, languageName } from "./strings.js";

const SEEK_SECONDS = 10;
const VOLUME_STEP = 0.05;

/** Less than this many seconds behind the live edge counts as live: it moves by segments. */
const LIVE_SECONDS = 6;

const element = (id) => document.getElementById(id);

/** The controls below the video. */
export class Controls {
  #player;
  #video;

  constructor(player, video) {
    this.#player = player;
    this.#video = video;
    this.#takeClicks();
    document.addEventListener("keydown", (event) => this.#takeKey(event));
    for (const name of ["play", "pause", "volumechange", "timeupdate", "progress"]) {
      video.addEventListener(name, () => this.#show());
    }
    player.addEventListener("buffering", () => this.#show());
    player.addEventListener("tracks", () => this.#showTracks());
    this.#show();
    this.#showTracks();
  }

  #takeClicks() {
    const clicks = {
      play: () => this.#togglePlay(),
      live: () => this.#player.goToLive(),
      mute: () => this.#toggleSound(),
      unmute: () => this.#toggleSound(),
      pip: () => this.#togglePictureInPicture(),
      fullscreen: () => this.#toggleFullscreen(),
    };
    for (const [id, act] of Object.entries(clicks)) element(id).onclick = act;
    element("seek").oninput = ({ target }) => (this.#video.currentTime = target.valueAsNumber);
    element("volume").oninput = ({ target }) => this.#setVolume(target.valueAsNumber);
    element("pip").hidden = !document.pictureInPictureEnabled;
    element("fullscreen").hidden =
      !document.fullscreenEnabled && !this.#video.webkitSupportsFullscreen;
  }

  #takeKey(event) {
    const inUse = event.target.closest("button, input, select");
    const isFree = !inUse || (inUse.tagName === "BUTTON" && event.key !== " ");
    const isMeant = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (document.body.dataset.screen !== "watching" || !isFree || !isMeant) return;
    const keys = {
      " ": () => this.#togglePlay(),
      k: () => this.#togglePlay(),
      l: () => this.#player.goToLive(),
      m: () => this.#toggleSound(),
      f: () => this.#toggleFullscreen(),
      p: () => this.#togglePictureInPicture(),
      ArrowLeft: () => this.#seekBy(-SEEK_SECONDS),
      ArrowRight: () => this.#seekBy(SEEK_SECONDS),
      ArrowUp: () => this.#setVolume(this.#video.volume + VOLUME_STEP),
      ArrowDown: () => this.#setVolume(this.#video.volume - VOLUME_STEP),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  #togglePlay() {
    if (this.#video.paused) this.#video.play().catch(() => {});
    else this.#video.pause();
  }

  #toggleSound() {
    this.#video.muted = !this.#video.muted;
    if (!this.#video.muted && this.#video.volume === 0) this.#video.volume = 1;
  }

  #setVolume(volume) {
    this.#video.volume = Math.min(1, Math.max(0, volume));
    this.#video.muted = this.#video.volume === 0;
  }

  #seekBy(seconds) {
    const { start, end } = this.#player.window;
    this.#video.currentTime = Math.min(end, Math.max(start, this.#video.currentTime + seconds));
  }

  async #togglePictureInPicture() {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await this.#video.requestPictureInPicture?.();
  }

  async #toggleFullscreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (document.fullscreenEnabled) await element("player").requestFullscreen();
    else this.#video.webkitEnterFullscreen?.(); // iPhones support only the video element
  }

  #show() {
    const { paused, muted, volume, currentTime } = this.#video;
    const { start, end } = this.#player.window;
    const behind = this.#player.behind;
    const isLive = behind < LIVE_SECONDS && !paused;
    name("play", paused ? STRINGS.play : STRINGS.pause, paused ? "play" : "pause");
    name("mute", muted ? STRINGS.sound : STRINGS.mute, muted ? "muted" : "sound");
    element("unmute").hidden = !muted;
    element("volume").value = muted ? 0 : volume;
    element("buffering").hidden = !this.#player.isBuffering;
    element("live").dataset.live = isLive;
    element("behind").textContent = isLive ? "" : `−${clock(behind)}`;
    const seek = element("seek");
    Object.assign(seek, { min: start, max: end, value: currentTime });
    seek.setAttribute("aria-valuetext", isLive ? STRINGS.live : behindLive(behind));
  }

  #showTracks() {
    const player = this.#player;
    const chosen = player.isAutomatic ? null : player.videoTracks.find((track) => track.active);
    const best = player.videoTracks.toSorted((one, other) => other.bandwidth - one.bandwidth);
    choice("quality", best, chosen, qualityName, (track) => player.selectVideo(track), {
      none: STRINGS.automatic,
    });
    const audio = player.audioTracks;
    const heard = audio.find((track) => track.active);
    choice("audio", audio, heard, trackName, (track) => player.selectAudio(track));
    const texts = player.textTracks;
    const read = texts.find((track) => track.active);
    choice("captions", texts, read, trackName, (track) => player.selectText(track), {
      none: STRINGS.off,
    });
  }
}

function name(id, label, icon) {
  element(id).setAttribute("aria-label", label);
  element(id).title = label;
  element(id).dataset.icon = icon;
}

/** Fills a menu with tracks, after `none` if given; hides it if there is nothing to choose. */
function choice(id, tracks, chosen, nameOf, select, { none } = {}) {
  const menu = element(id);
  const options = [...(none ? [null] : []), ...tracks];
  const names = options.map((track) => (track ? nameOf(track) : none));
  // replacing the options would close an open menu
  if (names.join() !== [...menu.options].map(({ text }) => text).join()) {
    menu.replaceChildren(...names.map((each) => new Option(each)));
  }
  menu.selectedIndex = Math.max(0, options.indexOf(chosen ?? null));
  menu.onchange = () => select(options[menu.selectedIndex]);
  menu.parentElement.hidden = options.length < 2;
}

const qualityName = ({ height, frameRate }) => `${height}p${frameRate > 30 ? frameRate : ""}`;

const trackName = ({ label, language }) => label || languageName(language);
