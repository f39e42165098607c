// The picture: Shaka Player on the page's video element.
// Shaka plays HLS, low-latency HLS and DASH alike through Media Source Extensions, and hands HLS to
// the browser where those are missing (iOS before 17.1).

import { library } from "./library.js";

/** A picture that stands is trouble after so long, and again each time as much has passed. */
const STALL_MILLISECONDS = 3000;

/** Between two attempts at a segment; the viewers of an outage must not be a flood. */
const RETRY_SECONDS = 1;

const FORBIDDEN = 403;

/** The browser lacks what the stream needs. */
export class Unsupported extends Error {}

/** Plays one stream, and says when there is trouble. */
export class Player extends EventTarget {
  #shaka;
  #player;
  #video;
  #cookies;
  #isLoaded = false;
  #tell = () => {};
  #stalling = 0;
  #stalledAt = Infinity;

  /**
   * The player on `video`. Before each request `cookies.fresh()` is awaited; `cookies.doubt()` hears
   * of refused ones. Events: "tracks" when there are others, "buffering" when it begins or ends.
   */
  static async on(video, cookies) {
    const shaka = await library("shaka");
    shaka.polyfill.installAll();
    if (!shaka.Player.isBrowserSupported()) throw new Unsupported();
    const player = new Player(shaka, video, cookies);
    await player.#player.attach(video);
    return player;
  }

  constructor(shaka, video, cookies) {
    super();
    this.#shaka = shaka;
    this.#video = video;
    this.#cookies = cookies;
    this.#player = new shaka.Player();
    this.#player.configure(this.#settings());
    // captions are written over the picture: the browser's own need media from data:, which the
    // page's policy forbids
    this.#player.setVideoContainer(video.parentElement);
    this.#player.getNetworkingEngine().registerRequestFilter(() => cookies.fresh());
    this.#player.addEventListener("error", ({ detail }) => this.#failed(detail));
    this.#player.addEventListener("buffering", ({ buffering }) => this.#buffering(buffering));
    for (const name of ["trackschanged", "adaptation", "variantchanged", "textchanged"]) {
      this.#player.addEventListener(name, () => this.dispatchEvent(new Event("tracks")));
    }
  }

  /** Plays the stream at the address from its live edge. Rejects when it cannot be had. */
  async play(address) {
    try {
      await this.#player.load(address);
    } catch (error) {
      throw this.#isUnsupported(error) ? new Unsupported() : error;
    }
    this.#isLoaded = true;
    // a browser that forbids even silent playback leaves it to the viewer's click
    this.#video.play().catch(() => {});
  }

  /** Resolves at the next trouble: the picture stands, or playback has broken off. */
  trouble() {
    return new Promise((resolve) => (this.#tell = resolve));
  }

  /** Shows nothing any more and asks for nothing. */
  async leave() {
    this.#isLoaded = false;
    this.#buffering(false);
    this.#tell();
    await this.#player.unload();
  }

  /** Whether there is still something to play, or to wait for. */
  get isLoaded() {
    return this.#isLoaded;
  }

  get isBuffering() {
    return this.#isLoaded && this.#player.isBuffering();
  }

  /** For how many seconds the picture has been standing. */
  get stalledSeconds() {
    return Math.max(0, performance.now() - this.#stalledAt) / 1000;
  }

  /** The DVR window, in seconds of the video's time. */
  get window() {
    return this.#player.seekRange();
  }

  /** Seconds behind the live edge. */
  get behind() {
    return Math.max(0, this.window.end - this.#video.currentTime);
  }

  goToLive() {
    this.#player.goToLive();
    this.#video.play().catch(() => {});
  }

  get videoTracks() {
    return this.#player.getVideoTracks();
  }

  get audioTracks() {
    return this.#player.getAudioTracks();
  }

  get textTracks() {
    return this.#player.getTextTracks();
  }

  get isAutomatic() {
    return this.#player.getConfiguration().abr.enabled;
  }

  /** One rendition from now on, or with null whichever suits the network. */
  selectVideo(track) {
    this.#player.configure("abr.enabled", !track);
    if (track) this.#player.selectVideoTrack(track, true);
  }

  selectAudio(track) {
    this.#player.selectAudioTrack(track);
  }

  /** With null no captions. */
  selectText(track) {
    this.#player.selectTextTrack(track);
  }

  #settings() {
    return {
      // whoever plays a manifest asks for it again, and wants to know at once why it is not there
      manifest: { retryParameters: { maxAttempts: 1 } },
      streaming: {
        failureCallback: (error) => this.#retry(error),
        maxDisabledTime: 0, // in an outage every rendition fails, and none is to blame
      },
    };
  }

  #retry(error) {
    if (error.category !== this.#shaka.util.Error.Category.NETWORK) return;
    this.#player.retryStreaming(RETRY_SECONDS * (1 + Math.random()));
  }

  #buffering(isBuffering) {
    clearInterval(this.#stalling);
    this.#stalledAt = isBuffering ? performance.now() : Infinity;
    if (isBuffering) this.#stalling = setInterval(() => this.#tell(), STALL_MILLISECONDS);
    this.dispatchEvent(new Event("buffering"));
  }

  #failed(error) {
    const { Category, Code, Severity } = this.#shaka.util.Error;
    if (error.code === Code.BAD_HTTP_STATUS && error.data[1] === FORBIDDEN) this.#cookies.doubt();
    // what the network did not bring may come while the buffer lasts
    if (error.category === Category.NETWORK || error.severity !== Severity.CRITICAL) return;
    console.warn(`player: ${error.message}`);
    this.leave();
  }

  #isUnsupported({ code }) {
    const codes = this.#shaka.util.Error.Code;
    return [codes.CONTENT_UNSUPPORTED_BY_BROWSER, codes.RESTRICTIONS_CANNOT_BE_MET].includes(code);
  }
}
