// Shaka Player, with its controls, on the page's video element.
// Shaka plays HLS, low-latency HLS and DASH through Media Source Extensions, and leaves HLS to the
// browser where they are missing (iOS before 17.1).

import { Controls } from "./controls.js";
import { library } from "./library.js";
import { unlessAborted } from "./retry.js";
import { announce } from "./screen.js";
import { STRINGS } from "./strings.js";

/** A stall is reported after this time, and again each time it has passed. */
const STALL_MILLISECONDS = 3000;

/** Less than this many seconds behind the live edge counts as live: it moves by segments. */
const LIVE_SECONDS = 6;

/** Between two attempts to load a segment; Pace adds more in an outage. */
const RETRY_SECONDS = 0.5;

/**
 * Milliseconds until a response must begin. In an outage, the player must soon notice that there is
 * none; a slow response may take longer if it has begun. Pace decides when to try again.
 */
const RETRY_PARAMETERS = { maxAttempts: 1, connectionTimeout: 5000 };

/** https://shaka-project.github.io/shaka-player/docs/api/tutorial-config.html, low latency. */
const LOW_LATENCY = {
  inaccurateManifestTolerance: 0,
  segmentPrefetchLimit: 2,
  updateIntervalSeconds: 0.1,
};

const FORBIDDEN = 403;

/** The browser lacks a feature that the stream needs. */
export class Unsupported extends Error {}

/** Plays one stream and reports trouble. */
export class Player {
  #shaka;
  #player;
  #video;
  #cookies;
  #pace;
  #stopping = new AbortController();
  #isLoaded = false;
  #hasPlayed = false;
  #tell = () => {};
  #stalling = 0;
  #stalledAt = Infinity;

  /**
   * Creates the player and its controls on `video`. It awaits its turn from `pace` and
   * `cookies.fresh()` before each request, and calls `cookies.doubt()` after a 403.
   */
  static async on(video, cookies, pace) {
    const shaka = await library("shaka");
    shaka.polyfill.installAll();
    if (!shaka.Player.isBrowserSupported()) throw new Unsupported();
    const player = new Player(shaka, video, cookies, pace);
    await player.#player.attach(video);
    return player;
  }

  constructor(shaka, video, cookies, pace) {
    this.#shaka = shaka;
    this.#video = video;
    this.#cookies = cookies;
    this.#pace = pace;
    this.#player = new shaka.Player();
    this.#player.configure(this.#settings());
    // Shaka's own settings for low latency, without its `maxDisabledTime`
    this.#player.configurationForLowLatency({ streaming: LOW_LATENCY });
    new Controls(shaka, this, this.#player, video);
    this.#player.getNetworkingEngine().registerRequestFilter(() => this.#mayAsk());
    this.#player.addEventListener("downloadcompleted", () => pace.succeeded());
    this.#player.addEventListener("downloadfailed", (event) => this.#missed(event));
    this.#player.addEventListener("error", ({ detail }) => this.#failed(detail));
    video.addEventListener("playing", () => (this.#hasPlayed = true));
    this.#player.addEventListener("buffering", ({ buffering }) => this.#buffering(buffering));
  }

  /** Plays the stream at the address from its live edge. Rejects if it cannot be loaded. */
  async play(address) {
    this.#hasPlayed = false;
    // a quality that the viewer chose is not kept, and otherwise none would be chosen automatically
    this.#player.configure("abr.enabled", true);
    try {
      await this.#player.load(address);
    } catch (error) {
      throw this.#isUnsupported(error) ? new Unsupported() : error;
    }
    this.#isLoaded = true;
    // if the browser blocks even muted autoplay, the viewer must click Play
    this.#video.play().catch(() => {});
  }

  /** Resolves on the next trouble: playback stalls or has stopped. */
  trouble() {
    return new Promise((resolve) => (this.#tell = resolve));
  }

  /** Stops playback and requests. */
  async leave() {
    this.#stopping.abort();
    this.#stopping = new AbortController();
    if (this.#isLoaded) this.#keepCaptions();
    this.#isLoaded = false;
    this.#buffering(false);
    this.#tell();
    await this.#player.unload();
  }

  /** Whether a stream is loaded, playing or stalled. */
  get isLoaded() {
    return this.#isLoaded;
  }

  /** Whether there was any picture since `play`: a stream may load but not be decodable. */
  get hasPlayed() {
    return this.#hasPlayed;
  }

  /** How many seconds playback has been stalled. */
  get stalledSeconds() {
    return Math.max(0, performance.now() - this.#stalledAt) / 1000;
  }

  /** Seconds behind the live edge. */
  get behind() {
    return Math.max(0, this.#player.seekRange().end - this.#video.currentTime);
  }

  /** Whether the picture is at the live edge. */
  get isLive() {
    return this.behind < LIVE_SECONDS;
  }

  set speed(rate) {
    this.#player.trickPlay(rate, false);
  }

  goToLive() {
    this.#player.goToLive();
    this.#video.play().catch(() => {});
  }

  /** Hides captions, or shows those that the viewer chose last, otherwise the first. */
  toggleCaptions() {
    const tracks = this.#player.getTextTracks();
    const isShown = tracks.some(({ active }) => active);
    const [last] = this.#player.getConfiguration().preferredText;
    const chosen = tracks.find(({ language }) => language === last?.language) ?? tracks[0];
    this.#player.selectTextTrack(isShown ? null : chosen);
  }

  #settings() {
    return {
      // the caller retries the manifest, and needs to know immediately why it is unavailable
      manifest: { retryParameters: RETRY_PARAMETERS },
      mediaSource: { useSourceElements: false }, // they would turn AirPlay on
      streaming: {
        retryParameters: RETRY_PARAMETERS,
        failureCallback: (error) => this.#retry(error),
        maxDisabledTime: 0, // in an outage every rendition fails; disabling one does not help
      },
    };
  }

  /** Resolves when a request may be sent; at once after `leave`, which waits for its requests. */
  async #mayAsk() {
    const { signal } = this.#stopping;
    await this.#pace.turn(signal);
    if (!signal.aborted) await unlessAborted(this.#cookies.fresh(), signal);
  }

  /** A request failed, unless it was aborted by `leave`; Shaka itself aborts those that time out. */
  #missed({ error, aborted }) {
    const { BAD_HTTP_STATUS, HTTP_ERROR, TIMEOUT } = this.#shaka.util.Error.Code;
    const codes = [BAD_HTTP_STATUS, HTTP_ERROR, TIMEOUT];
    if (aborted || codes.includes(error?.code)) this.#pace.failed();
  }

  /** Shaka's menu itself keeps captions that are chosen, but not that they are off, nor its key. */
  #keepCaptions() {
    const shown = this.#player.getTextTracks().filter(({ active }) => active);
    this.#player.configure("preferredText", shown.map(({ language }) => ({ language })));
  }

  #retry(error) {
    if (error.category !== this.#shaka.util.Error.Category.NETWORK) return;
    this.#player.retryStreaming(RETRY_SECONDS * (1 + Math.random()));
  }

  #buffering(isBuffering) {
    clearInterval(this.#stalling);
    this.#stalledAt = isBuffering ? performance.now() : Infinity;
    if (isBuffering) this.#stalling = setInterval(() => this.#stalled(), STALL_MILLISECONDS);
    else announce("");
  }

  #stalled() {
    announce(STRINGS.buffering);
    this.#tell();
  }

  #failed(error) {
    const { Category, Code, Severity } = this.#shaka.util.Error;
    if (error.code === Code.BAD_HTTP_STATUS && error.data[1] === FORBIDDEN) this.#cookies.doubt();
    // a failed request may succeed on retry while the buffer lasts
    if (error.category === Category.NETWORK) return;
    // after a segment that cannot be decoded, Shaka goes on without its rendition for good
    if (error.category !== Category.MEDIA && error.severity !== Severity.CRITICAL) return;
    console.warn(`player: ${error.message}`);
    this.leave();
  }

  #isUnsupported({ code }) {
    const codes = this.#shaka.util.Error.Code;
    return [codes.CONTENT_UNSUPPORTED_BY_BROWSER, codes.RESTRICTIONS_CANNOT_BE_MET].includes(code);
  }
}
