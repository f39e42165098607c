// New cookies before the old ones end, so that playback never stops for them.

import { PermanentError } from "./api_error.js";

/** How often to look whether it is time. A timer of many minutes would sleep with the laptop. */
const LOOK_MILLISECONDS = 1000;

/** Of the time between `renewIn` and the end, the part over which viewers spread their requests. */
const JITTER = 0.25;

/** Cookies are taken for ended a little before they are: a request takes its time. */
const MARGIN_SECONDS = 1;

const LONGEST_PAUSE_SECONDS = 30;

/** Cookies as young as this are not replaced when they are refused: others would be as well. */
const NEW_SECONDS = 10;

/** When to renew, in seconds after asking; `random` is from 0 to 1. */
export function renewalIn({ renewIn, expiresIn }, random) {
  return renewIn + random * JITTER * Math.max(0, expiresIn - renewIn);
}

/**
 * Seconds to wait after the failure with that number (0, 1, …): a random part of a time that
 * doubles, after what the server asked for.
 *
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function pauseAfter(failure, retryAfter, random) {
  return (retryAfter || 0) + random * Math.min(LONGEST_PAUSE_SECONDS, 2 ** failure);
}

/**
 * Counts seconds from now. One clock may stand still while the computer sleeps, the other may be set
 * back; the greater is true.
 */
export function stopwatch() {
  const [wall, steady] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - steady) / 1000;
}

/** Resolves after so many seconds. */
export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Keeps a viewer's cookies fresh. */
export class Renewal {
  #ask;
  #onPermanentError;
  #onTrouble;
  #looking = 0;
  #isOver = false;
  #pending = null;
  #elapsed = () => Infinity;
  #endsIn = 0;
  #renewsIn = 0;

  /**
   * `ask` gets cookies and answers as `askForCookies` does. `onPermanentError` hears of one while
   * the present cookies may still hold; `onTrouble` of every failed attempt, and whether the viewer
   * has cookies all the same. It goes on after that; null is the end of the trouble.
   */
  constructor({ ask, onPermanentError, onTrouble }) {
    this.#ask = ask;
    this.#onPermanentError = onPermanentError;
    this.#onTrouble = onTrouble;
  }

  /** Gets the first cookies and goes on renewing them. Rejects with a PermanentError. */
  async start() {
    await this.renew();
    this.#looking = setInterval(() => this.#look(), LOOK_MILLISECONDS);
  }

  /** Asks no more; resolves when no answer is on its way. */
  async stop() {
    this.#isOver = true;
    clearInterval(this.#looking);
    await this.#pending?.catch(() => {});
  }

  /** Resolves when the cookies hold, at once or after new ones have come. */
  async fresh() {
    if (!this.#hold()) await this.renew();
  }

  /** Gets new cookies if the present ones were refused and are not new themselves. */
  async doubt() {
    if (this.#isOver || this.#elapsed() < NEW_SECONDS) return;
    await this.renew().catch((error) => this.#failed(error));
  }

  /** Gets new cookies, asking until there is an answer; many calls at once are one. */
  renew() {
    this.#pending ??= this.#renewed().finally(() => (this.#pending = null));
    return this.#pending;
  }

  #hold() {
    return this.#elapsed() < this.#endsIn - MARGIN_SECONDS;
  }

  #look() {
    if (this.#pending || this.#elapsed() < this.#renewsIn) return;
    this.renew().catch((error) => this.#failed(error));
  }

  #failed(error) {
    clearInterval(this.#looking);
    this.#onPermanentError(error);
  }

  async #renewed() {
    for (let failure = 0; !this.#isOver; failure += 1) {
      const elapsed = stopwatch(); // from before the question: cookies rather end too early
      try {
        const answer = await this.#ask();
        this.#elapsed = elapsed;
        this.#endsIn = answer.expiresIn;
        this.#renewsIn = renewalIn(answer, Math.random());
        if (failure) this.#onTrouble(null, true);
        return;
      } catch (error) {
        if (error instanceof PermanentError) throw error;
        this.#onTrouble(error, this.#hold());
        await sleep(pauseAfter(failure, error.retryAfter, Math.random()));
      }
    }
  }
}
