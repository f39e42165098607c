// Repeated attempts, with pauses that spread viewers out.

import { PermanentError } from "./api_error.js";

const LONGEST_PAUSE_SECONDS = 30;

/** A server's Retry-After is a hint (RFC 9110, 10.2.3): no viewer waits for an hour. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** Trouble that ends sooner is not shown. */
const PATIENCE_SECONDS = 3;

/**
 * Seconds to wait after failure number `failure` (0, 1, …): `retryAfter`, up to a minute, plus a
 * random part of a time that doubles, up to half a minute.
 *
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("full jitter")
 */
export function pauseAfter(failure, retryAfter, random) {
  const asked = Math.min(LONGEST_RETRY_AFTER_SECONDS, Math.max(0, retryAfter || 0));
  return asked + random * Math.min(LONGEST_PAUSE_SECONDS, 2 ** failure);
}

/**
 * Counts seconds from now. One clock may stop while the computer sleeps, the other may be set back;
 * the greater value is correct.
 */
export function stopwatch() {
  const [wall, steady] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - wall, performance.now() - steady) / 1000;
}

/** Resolves after the given number of seconds, or as soon as `signal` is aborted. */
export function sleep(seconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(end, seconds * 1000);
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    }
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

/** Settles as `promise` does, or resolves as soon as `signal` is aborted. */
export function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const end = () => resolve();
    signal.addEventListener("abort", end);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
    if (signal.aborted) end();
  });
}

/**
 * The result of `attempt`, which is repeated after temporary errors until `signal` is aborted; then
 * undefined. Rejects with a PermanentError at once.
 *
 * `tell` gets the key of the viewer's message when the trouble has lasted for `patience` seconds,
 * whether attempts fail or one of them takes so long, and null when it ends. Trouble is not told
 * while `isQuiet()`.
 */
export async function repeated(
  attempt,
  tell,
  { signal, isQuiet = () => false, patience = PATIENCE_SECONDS } = {},
) {
  const elapsed = stopwatch();
  let reason = "unreachable";
  let told = null;
  const watch = setInterval(() => {
    const now = elapsed() < patience || isQuiet() ? null : reason;
    if (now || told) tell((told = now)); // again and again: others share the notice, and remove it
  }, 250);
  try {
    for (let failure = 0; !signal?.aborted; failure += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof PermanentError) throw error;
        console.warn(error.message);
        reason = error.notice ?? "unreachable";
        await sleep(pauseAfter(failure, error.retryAfter, Math.random()), signal);
      }
    }
  } finally {
    clearInterval(watch);
    if (told) tell(null);
  }
}
