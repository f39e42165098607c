// Playback: plays while the stream is available; otherwise shows why not and waits.

import { statusOf } from "./api.js";
import { PermanentError } from "./api_error.js";
import { nameStream } from "./media_session.js";
import { Pace } from "./pace.js";
import { Player, Unsupported } from "./player.js";
import { pauseAfter, sleep } from "./retry.js";
import { isTelling, showMessage, showPicture } from "./screen.js";
import { keepAwake } from "./wake_lock.js";

/** A check for the stream that takes longer counts as failed: while it plays, and later. */
const PATIENCE_SECONDS = { playing: 5, waiting: 2 };

/** Playback restarts after stalling for this long while the stream is available. */
const LONGEST_STALL_SECONDS = 15;

/** 403 responses in a row, each with new cookies, after which more cookies will not help. */
const MOST_REFUSALS = 3;

/** Playback of the stream at one URL, for one viewer. */
export class Playback {
  #address;
  #cookies;
  #player = null;
  #pace = new Pace();
  #leaving = new AbortController();
  #checking = new AbortController();
  #checks = [];

  /** `cookies` is the Renewal that renews the cookies. */
  constructor(address, cookies) {
    this.#address = address;
    this.#cookies = cookies;
  }

  /** Creates the player. Rejects with a PermanentError if the browser cannot play the stream. */
  async ready() {
    const video = document.getElementById("video");
    try {
      this.#player = await Player.on(video, this.#cookies, this.#pace);
    } catch (error) {
      throw error instanceof Unsupported ? new PermanentError("unsupported") : error;
    }
    keepAwake(video);
  }

  /** Plays until the viewer leaves; call `ready` first. Rejects with a PermanentError. */
  async run() {
    for (let attempt = 0; !this.#hasLeft; attempt += 1) {
      if (await this.#played()) attempt = 0;
      await this.#onAir();
      if (attempt) await sleep(pauseAfter(attempt, 0, Math.random()), this.#leaving.signal);
    }
  }

  /** Stops playback for good. */
  async leave() {
    this.#leaving.abort();
    this.#checking.abort();
    await this.#player?.leave();
  }

  /** Plays until the stream ends; resolves to whether there was any picture. */
  async #played() {
    try {
      await this.#player.play(this.#address);
    } catch (error) {
      if (error instanceof Unsupported) throw new PermanentError("unsupported");
      console.warn(`player: ${error.message}`);
      return false;
    }
    if (this.#hasLeft) return true;
    nameStream();
    showPicture();
    while (this.#player.isLoaded) {
      await this.#player.trouble();
      await this.#onAir();
      if (this.#player.stalledSeconds > LONGEST_STALL_SECONDS) await this.#player.leave();
    }
    return this.#player.hasPlayed;
  }

  /** Resolves when the manifest is available; until then, tells the viewer why it is not. */
  async #onAir() {
    for (let refusals = 0; !this.#hasLeft; ) {
      await this.#cookies.fresh();
      const status = await this.#status();
      if (status === 200 || this.#hasLeft) return;
      if (status === 403) {
        refusals += 1;
        if (refusals === MOST_REFUSALS) throw new PermanentError("noCookies");
        await this.#cookies.renew();
      } else {
        await this.#tell(status === 404 ? "waiting" : "unreachable");
      }
    }
  }

  /**
   * The manifest's status, 0 without a response in time. It may also be that of an earlier check: a
   * slow network answers late, and what was sent in an outage never is.
   */
  async #status() {
    const { signal } = this.#checking;
    await this.#pace.turn(signal, true);
    const check = statusOf(this.#address, signal);
    this.#checks.push(check);
    check.then(() => (this.#checks = this.#checks.filter((other) => other !== check)));
    const patience = PATIENCE_SECONDS[this.#player.isLoaded ? "playing" : "waiting"];
    const status = await Promise.race([...this.#checks, sleep(patience, signal).then(() => 0)]);
    if (status !== 200) {
      this.#pace.failed();
      return status;
    }
    this.#pace.succeeded();
    this.#checks = [];
    this.#checking.abort(); // earlier checks
    if (!this.#hasLeft) this.#checking = new AbortController();
    return status;
  }

  get #hasLeft() {
    return this.#leaving.signal.aborted;
  }

  async #tell(key) {
    if (!isTelling(key)) showMessage(key);
    await this.#player.leave();
  }
}
