// Stream API: settings, cookies, sign-out. All on the page's own host.

import { PermanentError, Unavailable } from "./api_error.js";

/** Issuer, sign-in host, client ID, and manifest paths. */
export async function settings() {
  const response = await fetch("/api/config");
  if (response.status === 429 || response.status >= 500) throw new Unavailable(response);
  if (!response.ok) throw new PermanentError("broken");
  return response.json();
}

/**
 * Requests cookies; the browser stores them, inaccessible to this code.
 *
 * `token(renew)` returns an access token, which is sent in `header`. Returns in how many seconds
 * the cookies expire and in how many to renew them, by the server's clock, as the viewer's may be
 * wrong.
 */
export async function askForCookies(token, header = "Authorization") {
  let response = await withToken(await token(false), header);
  if (response.status === 401) response = await withToken(await token(true), header);
  if (response.status === 401) throw new PermanentError("signInEnded");
  if (response.status === 403) throw new PermanentError("notAllowed");
  if (!response.ok) throw new Unavailable(response);
  const { expires, renewAfter } = await response.json();
  const now = (Date.parse(response.headers.get("Date")) || Date.now()) / 1000;
  return { expiresIn: expires - now, renewIn: renewAfter - now };
}

/** Makes the browser delete its cookies. */
export async function giveUpCookies() {
  const response = await fetch("/api/cookies", { method: "DELETE" });
  if (!response.ok) throw new Unavailable(response);
}

/** The current HTTP status of a manifest; 0 without a response. */
export async function statusOf(address) {
  try {
    return (await fetch(address, { cache: "no-store" })).status;
  } catch {
    return 0;
  }
}

// The Bearer scheme is for Authorization (RFC 6750, section 2.1); other headers hold just the token.
const withToken = (token, header) =>
  fetch("/api/cookies", {
    headers: { [header]: header === "Authorization" ? `Bearer ${token}` : token },
  });
