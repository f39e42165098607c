// Playback: play while there is something to play, else say why not and wait until there is.

import { statusOf } from "./api.js";
import { PermanentError } from "./api_error.js";
import { Controls } from "./controls.js";
import { Player, Unsupported } from "./player.js";
import { pauseAfter, sleep } from "./renewal.js";
import { isTelling, notice, showMessage, showPicture } from "./screen.js";

/** Between two looks whether the stream is there, about; viewers must not come all at once. */
const LOOK_SECONDS = 2;

/** A picture that stands so long although the stream is there is begun anew. */
const LONGEST_STALL_SECONDS = 15;

/** Refusals in a row, each with new cookies, after which others will not help. */
const MOST_REFUSALS = 3;

/** The stream at one address, for one viewer. */
export class Playback {
  #address;
  #cookies;
  #player = null;
  #hasLeft = false;

  /** `cookies` is the Renewal that keeps them fresh. */
  constructor(address, cookies) {
    this.#address = address;
    this.#cookies = cookies;
  }

  /** Makes the player. Rejects with a PermanentError when the browser cannot play. */
  async ready() {
    const video = document.getElementById("video");
    try {
      this.#player = await Player.on(video, this.#cookies);
    } catch (error) {
      throw error instanceof Unsupported ? new PermanentError("unsupported") : error;
    }
    new Controls(this.#player, video);
  }

  /** Plays until the viewer leaves, once ready. Rejects with a PermanentError when that may not be. */
  async run() {
    for (let attempt = 0; !this.#hasLeft; attempt += 1) {
      if (await this.#played()) attempt = 0;
      await this.#onAir();
      if (attempt) await sleep(pauseAfter(attempt, 0, Math.random()));
    }
  }

  /** Plays no more. */
  async leave() {
    this.#hasLeft = true;
    await this.#player?.leave();
  }

  /** Plays until there is nothing to play; whether it has played at all. */
  async #played() {
    try {
      await this.#player.play(this.#address);
    } catch (error) {
      if (error instanceof Unsupported) throw new PermanentError("unsupported");
      console.warn(`player: ${error.message}`);
      return false;
    }
    notice(null);
    showPicture();
    while (this.#player.isLoaded) {
      await this.#player.trouble();
      await this.#onAir();
      if (this.#player.stalledSeconds > LONGEST_STALL_SECONDS) await this.#player.leave();
    }
    return true;
  }

  /** Resolves when the manifest can be had; until then tells the viewer why there is no picture. */
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
