// API, sign-in and browser errors: permanent and temporary.

/** A permanent error; `message` is the key of the viewer's message in strings.js. */
export class PermanentError extends Error {
  constructor(message) {
    super(message);
    this.name = "PermanentError";
  }
}

/**
 * A temporary error response. `retryAfter` is in seconds, and `notice` is the key of the viewer's
 * message; 429 means that too many requests arrive, of all viewers together.
 */
export class Unavailable extends Error {
  constructor({ status, headers }) {
    super(`HTTP status ${status}`);
    this.name = "Unavailable";
    this.retryAfter = retryAfter(headers);
    this.notice = status === 429 ? "busy" : "unreachable";
  }
}

/**
 * The seconds of a Retry-After header, which may also be a date (RFC 9110, 10.2.3); 0 without one.
 * A date is compared with the server's clock, as the viewer's may be wrong.
 */
export function retryAfter(headers) {
  const value = headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  const now = Date.parse(headers.get("Date")) || Date.now();
  return Math.max(0, (Date.parse(value) - now) / 1000 || 0);
}
