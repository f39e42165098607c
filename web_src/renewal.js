// Cookie renewal before expiry, so that playback is never interrupted.

import { repeated, stopwatch } from "./retry.js";

/** How often to check whether it is time. A timer of many minutes would pause with the laptop. */
const LOOK_MILLISECONDS = 1000;

/** The fraction of the time from `renewIn` to expiry over which viewers spread their requests. */
const JITTER = 0.25;

/** Cookies count as expired slightly early, because a request takes time. */
const MARGIN_SECONDS = 1;

/** Cookies newer than this are not replaced after a 403: new ones would fail, too. */
const NEW_SECONDS = 10;

/** When to renew, in seconds after the request; `random` is from 0 to 1. */
export function renewalIn({ renewIn, expiresIn }, random) {
  return renewIn + random * JITTER * Math.max(0, expiresIn - renewIn);
}

/** Renews a viewer's cookies. */
export class Renewal {
  #ask;
  #onPermanentError;
  #onTrouble;
  #looking = 0;
  #stopping = new AbortController();
  #pending = null;
  #areRefused = false;
  #elapsed = () => Infinity;
  #endsIn = 0;
  #renewsIn = 0;

  /**
   * `ask(signal)` gets cookies and returns the same as `askForCookies`. `onPermanentError` gets an
   * error while the current cookies may still be valid. `onTrouble` gets the key of the viewer's
   * message when new cookies are late and the current ones useless, and null when that ends.
   */
  constructor({ ask, onPermanentError, onTrouble }) {
    this.#ask = ask;
    this.#onPermanentError = onPermanentError;
    this.#onTrouble = onTrouble;
  }

  /** Gets the first cookies and keeps renewing them. Rejects with a PermanentError. */
  async start() {
    await this.#renewed();
    if (this.#isOver) return;
    this.#looking = setInterval(() => this.#look(), LOOK_MILLISECONDS);
  }

  /** Stops renewing at once; a request in transit is aborted. */
  stop() {
    this.#stopping.abort();
    clearInterval(this.#looking);
  }

  /** Resolves when the cookies are valid, immediately or after renewal. */
  async fresh() {
    if (!this.#hold()) await this.#renewed();
  }

  /** Call after a 403: gets new cookies, unless the current ones are new. */
  async doubt() {
    if (this.#isOver || this.#elapsed() < NEW_SECONDS) return;
    await this.renew().catch((error) => this.#failed(error));
  }

  /** Call when the cookies are refused: gets new ones. */
  renew() {
    this.#areRefused = true;
    return this.#renewed();
  }

  get #isOver() {
    return this.#stopping.signal.aborted;
  }

  #hold() {
    return this.#elapsed() < this.#endsIn - MARGIN_SECONDS;
  }

  #look() {
    if (this.#pending || this.#elapsed() < this.#renewsIn) return;
    this.#renewed().catch((error) => this.#failed(error));
  }

  #failed(error) {
    clearInterval(this.#looking);
    if (!this.#isOver) this.#onPermanentError(error);
  }

  /** Gets new cookies, retrying until it succeeds; concurrent calls share one request. */
  #renewed() {
    this.#pending ??= repeated(() => this.#renewedOnce(), this.#onTrouble, {
      signal: this.#stopping.signal,
      isQuiet: () => this.#hold() && !this.#areRefused,
    }).finally(() => (this.#pending = null));
    return this.#pending;
  }

  async #renewedOnce() {
    const elapsed = stopwatch(); // from before the request: better to expire too early
    const answer = await this.#ask(this.#stopping.signal);
    this.#areRefused = false;
    this.#elapsed = elapsed;
    this.#endsIn = answer.expiresIn;
    this.#renewsIn = renewalIn(answer, Math.random());
  }
}
