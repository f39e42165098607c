// Cookie renewal before expiry, so that playback is never interrupted.

import { PermanentError } from "./api_error.js";

/** How often to check whether it is time. A timer of many minutes would pause with the laptop. */
const LOOK_MILLISECONDS = 1000;

/** The fraction of the time from `renewIn` to expiry over which viewers spread their requests. */
const JITTER = 0.25;

/** Cookies count as expired slightly early, because a request takes time. */
const MARGIN_SECONDS = 1;

const LONGEST_PAUSE_SECONDS = 30;

/** Trouble that ends sooner is not shown. */
const PATIENCE_SECONDS = 3;

/** Cookies newer than this are not replaced after a 403: new ones would fail, too. */
const NEW_SECONDS = 10;

/** When to renew, in seconds after the request; `random` is from 0 to 1. */
export function renewalIn({ renewIn, expiresIn }, random) {
  return renewIn + random * JITTER * Math.max(0, expiresIn - renewIn);
}

/**
 * Seconds to wait after failure number `failure` (0, 1, …): `retryAfter`, plus a random part of a
 * time that doubles; each is half a minute at most.
 *
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function pauseAfter(failure, retryAfter, random) {
  const bounded = (seconds) => Math.min(LONGEST_PAUSE_SECONDS, seconds);
  return bounded(retryAfter || 0) + random * bounded(2 ** failure);
}

/**
 * Counts seconds from now. One clock may stop while the computer sleeps, the other may be set back;
 * the greater value is correct.
 */
export function stopwatch() {
  const [wall, steady] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - steady) / 1000;
}

/** Resolves after the given number of seconds. */
export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * The result of `attempt`, which is repeated after temporary errors while `wanted()`. Rejects with a
 * PermanentError at once. `onTrouble` gets the error of each failed attempt, unless the trouble may
 * end soon.
 */
export async function repeated(attempt, onTrouble, wanted = () => true) {
  const elapsed = stopwatch();
  for (let failure = 0; wanted(); failure += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof PermanentError) throw error;
      console.warn(error.message);
      const pause = pauseAfter(failure, error.retryAfter, Math.random());
      if (elapsed() + pause > PATIENCE_SECONDS) onTrouble(error);
      await sleep(pause);
    }
  }
}

/** Renews a viewer's cookies. */
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
   * `ask` gets cookies and returns the same as `askForCookies`. `onPermanentError` gets an error
   * while the current cookies may still be valid; `onTrouble` gets the error of failed attempts,
   * which are repeated, and whether the current cookies are valid. A null error ends the trouble.
   */
  constructor({ ask, onPermanentError, onTrouble }) {
    this.#ask = ask;
    this.#onPermanentError = onPermanentError;
    this.#onTrouble = onTrouble;
  }

  /** Gets the first cookies and keeps renewing them. Rejects with a PermanentError. */
  async start() {
    await this.renew();
    this.#looking = setInterval(() => this.#look(), LOOK_MILLISECONDS);
  }

  /** Stops renewing; resolves when no request is pending. */
  async stop() {
    this.#isOver = true;
    clearInterval(this.#looking);
    await this.#pending?.catch(() => {});
  }

  /** Resolves when the cookies are valid, immediately or after renewal. */
  async fresh() {
    if (!this.#hold()) await this.renew();
  }

  /** Call after a 403: gets new cookies, unless the current ones are new. */
  async doubt() {
    if (this.#isOver || this.#elapsed() < NEW_SECONDS) return;
    await this.renew().catch((error) => this.#failed(error));
  }

  /** Gets new cookies, retrying until it succeeds; concurrent calls share one request. */
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
    await repeated(
      () => this.#renewedOnce(),
      (error) => this.#onTrouble(error, this.#hold()),
      () => !this.#isOver,
    );
    this.#onTrouble(null, true);
  }

  async #renewedOnce() {
    const elapsed = stopwatch(); // from before the request: better to expire too early
    const answer = await this.#ask();
    this.#elapsed = elapsed;
    this.#endsIn = answer.expiresIn;
    this.#renewsIn = renewalIn(answer, Math.random());
  }
}
