// The stream's API: settings, cookies, farewell. All on the page's own host.

import { PermanentError, Unavailable } from "./api_error.js";

/** Issuer, sign-in host, client, and the manifests' paths. */
export async function settings() {
  const response = await fetch("/api/config");
  if (!response.ok) throw new Unavailable(response.status);
  return response.json();
}

/**
 * Asks for cookies; the browser keeps them, out of this code's reach.
 *
 * `token(anew)` gives an access token, which is sent in the header of that name. Returns in how many seconds the cookies end, and in how many
 * to ask for the next, by the server's clock: the viewer's may be wrong.
 */
export async function askForCookies(token, header = "Authorization") {
  let response = await withToken(await token(false), header);
  if (response.status === 401) response = await withToken(await token(true), header);
  if (response.status === 401) throw new PermanentError("signInEnded");
  if (response.status === 403) throw new PermanentError("notAllowed");
  if (!response.ok) throw new Unavailable(response.status, retryAfter(response));
  const { expires, renewAfter } = await response.json();
  const now = (Date.parse(response.headers.get("Date")) || Date.now()) / 1000;
  return { expiresIn: expires - now, renewIn: renewAfter - now };
}

/** Has the browser forget its cookies. */
export async function giveUpCookies() {
  const response = await fetch("/api/cookies", { method: "DELETE" });
  if (!response.ok) throw new Unavailable(response.status, retryAfter(response));
}

/** The status of a manifest now, as the edge answers; 0 when nothing answers. */
export async function statusOf(address) {
  try {
    return (await fetch(address, { cache: "no-store" })).status;
  } catch {
    return 0;
  }
}

// The scheme belongs to the header Authorization (RFC 6750, section 2.1); another holds the token.
const withToken = (token, header) =>
  fetch("/api/cookies", {
    headers: { [header]: header === "Authorization" ? `Bearer ${token}` : token },
  });

const retryAfter = (response) => Number(response.headers.get("Retry-After"));
