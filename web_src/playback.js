// Playback: plays while the stream is available; otherwise shows why not and waits.

import { statusOf } from "./api.js";
import { PermanentError } from "./api_error.js";
import { keepAwake, nameStream } from "./awake.js";
import { Player, Unsupported } from "./player.js";
import { pauseAfter, sleep } from "./renewal.js";
import { isTelling, showMessage, showPicture } from "./screen.js";

/** Approximate time between checks for the stream; random, so that viewers spread out. */
const LOOK_SECONDS = 2;

/** Playback restarts after stalling for this long while the stream is available. */
const LONGEST_STALL_SECONDS = 15;

/** 403 responses in a row, each with new cookies, after which more cookies will not help. */
const MOST_REFUSALS = 3;

/** Playback of the stream at one URL, for one viewer. */
export class Playback {
  #address;
  #cookies;
  #player = null;
  #hasLeft = false;

  /** `cookies` is the Renewal that renews the cookies. */
  constructor(address, cookies) {
    this.#address = address;
    this.#cookies = cookies;
  }

  /** Creates the player. Rejects with a PermanentError if the browser cannot play the stream. */
  async ready() {
    const video = document.getElementById("video");
    try {
      this.#player = await Player.on(video, this.#cookies);
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
      if (attempt) await sleep(pauseAfter(attempt, 0, Math.random()));
    }
  }

  /** Stops playback for good. */
  async leave() {
    this.#hasLeft = true;
    await this.#player?.leave();
  }

  /** Plays until the stream ends; resolves to whether it has played at all. */
  async #played() {
    try {
      await this.#player.play(this.#address);
    } catch (error) {
      if (error instanceof Unsupported) throw new PermanentError("unsupported");
      console.warn(`player: ${error.message}`);
      return false;
    }
    nameStream();
    showPicture();
    while (this.#player.isLoaded) {
      await this.#player.trouble();
      await this.#onAir();
      if (this.#player.stalledSeconds > LONGEST_STALL_SECONDS) await this.#player.leave();
    }
    return true;
  }

  /** Resolves when the manifest is available; until then, tells the viewer why it is not. */
  async #onAir() {
    for (let refusals = 0; !this.#hasLeft; ) {
      await this.#cookies.fresh();
      const status = await statusOf(this.#address);
      if (status === 200 || this.#hasLeft) return;
      if (status === 403) {
        refusals += 1;
        if (refusals === MOST_REFUSALS) throw new PermanentError("noCookies");
        await this.#cookies.renew();
      } else {
        await this.#tell(status === 404 ? "waiting" : "unreachable");
      }
      await sleep(LOOK_SECONDS * (0.5 + Math.random()));
    }
  }

  async #tell(key) {
    if (!isTelling(key)) showMessage(key);
    await this.#player.leave();
  }
}
