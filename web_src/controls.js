// Player controls: Shaka Player's UI over the video, in the page's language and colors.
// https://shaka-project.github.io/shaka-player/docs/api/tutorial-ui-customization.html

import { repair } from "./accessibility.js";
import { Keys } from "./keys.js";
import { registerButtons } from "./player_buttons.js";
import { showControls } from "./screen.js";
import { LANGUAGE, languageName } from "./strings.js";

const SEEK_SECONDS = 10;

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

const MENU = [
  "quality",
  "language",
  "captions",
  "captions-size",
  "playback_rate",
  "picture_in_picture",
  "statistics",
];

const STATISTICS = [
  "width",
  "height",
  "currentCodecs",
  "streamBandwidth",
  "estimatedBandwidth",
  "liveLatency",
  "bufferingTime",
  "droppedFrames",
  "stallsDetected",
];

/** The controls over the video. */
export class Controls {
  #player;
  #engine;
  #video;

  /** `player` is the page's Player, `engine` the shaka.Player in it. */
  constructor(shaka, player, engine, video) {
    this.#player = player;
    this.#engine = engine;
    this.#video = video;
    this.#showSound();
    const overlay = new shaka.ui.Overlay(engine, video.parentElement, video);
    const controls = overlay.getControls();
    const keys = new Keys(this.#shortcuts());
    registerButtons(shaka, player, keys);
    controls.getLocalization().changeLocale([LANGUAGE]);
    overlay.configure(settings(overlay.isMobile()));
    controls.addEventListener("showingui", () => showControls(true));
    controls.addEventListener("hidingui", () => showControls(false));
    video.addEventListener("volumechange", () => this.#showSound());
    video.addEventListener("timeupdate", () => this.#slowDown());
    video.addEventListener("timeupdate", () => this.#moveRange());
    document.getElementById("unmute").onclick = () => this.#turnOnSound();
    repair(video.parentElement);
  }

  /** Keys that Shaka's UI does not have; its own for captions needs a choice in the menu first. */
  #shortcuts() {
    const video = this.#video;
    const louder = (step) => (video.volume = Math.min(1, Math.max(0, video.volume + step)));
    return {
      c: () => this.#player.toggleCaptions(),
      l: () => this.#player.goToLive(),
      ArrowUp: () => louder(0.05),
      ArrowDown: () => louder(-0.05),
    };
  }

  #showSound() {
    document.getElementById("unmute").hidden = !this.#video.muted;
  }

  /** The button disappears, so the focus moves on. */
  #turnOnSound() {
    this.#video.muted = false;
    this.#video.volume ||= 1;
    this.#video.parentElement.focus();
  }

  /**
   * While the controls are hidden, Shaka leaves the seek bar's range as it was. It then sets the
   * time before the range, which moves a time outside the old range, and seeks from there.
   */
  #moveRange() {
    const { start, end } = this.#engine.seekRange();
    Object.assign(document.querySelector(".shaka-seek-bar"), { min: start, max: end });
  }

  /** Nothing can be played faster than it is sent. */
  #slowDown() {
    if (this.#video.playbackRate > 1 && this.#player.isLive) this.#player.speed = 1;
  }
}

/**
 * What differs from Shaka's defaults. There is no Cast and no AirPlay, as receivers have no cookies.
 * Picture in picture shows the video alone: more would need a <style> element, which the page's
 * Content-Security-Policy blocks.
 */
function settings(isMobile) {
  const buttons = ["live", "spacer", "overflow_menu", "fullscreen"];
  return {
    bigButtons: isMobile ? ["play_pause_buffering"] : [],
    castSenderUrl: "",
    contextMenuElements: ["picture_in_picture"],
    controlPanelElements: isMobile ? ["mute", ...buttons] : ["play_pause", "mute_volume", ...buttons],
    customTrackLabel: trackName,
    documentPictureInPicture: { enabled: false },
    enableKeyboardPlaybackControlsInWindow: true,
    fullScreenElement: document.getElementById("stage"),
    keyboardSeekDistance: SEEK_SECONDS,
    mediaSession: { handleMetadata: false, allowAutoPiP: false },
    overflowMenuButtons: isMobile ? MENU : [...MENU, "keys"],
    playbackRateSliderMax: Math.max(...SPEEDS),
    playbackRateSliderMin: Math.min(...SPEEDS),
    playbackRates: SPEEDS,
    seekBarColors: { played: color("--accent-on-video") },
    shortcuts: { take_screenshot: "" },
    statisticsList: STATISTICS,
    tapSeekDistance: SEEK_SECONDS,
    topControlPanelElements: [],
  };
}

/**
 * A language without a name of its own, which HLS gives the tag for a name, is named in itself; ""
 * leaves it to Shaka. Shaka expects all three parameters.
 */
function trackName(standard, { label, language, originalLanguage }, kind) {
  if (kind === "video") return "";
  if (label && label !== originalLanguage) return label;
  return language === "und" ? standard : languageName(language);
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
