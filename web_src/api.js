// Stream API: settings, cookies, sign-out. All on the page's own host.

import { PermanentError, Unavailable } from "./api_error.js";
import { request } from "./request.js";

/** Issuer, sign-in host, client ID, and manifest paths. */
export async function settings() {
  const response = await request("settings", "/api/config");
  if (isRefused(response)) throw new PermanentError("broken");
  if (!response.ok) throw new Unavailable(response);
  return JSON.parse(response.text);
}

/**
 * Requests cookies; the browser stores them, inaccessible to this code.
 *
 * `signIn` gives access tokens, which are sent in `header`. Returns in how many seconds the cookies
 * expire and in how many to renew them, by the server's clock, as the viewer's may be wrong.
 */
export async function askForCookies(signIn, header = "Authorization", signal) {
  let response = await withToken(await signIn.token(false), header, signal);
  if (response.status === 401) response = await withToken(await signIn.token(true), header, signal);
  if (response.status === 401) throw await signIn.ended();
  const field = refusedField(response);
  if (field) throw new PermanentError(field === "cognito:groups" ? "notMember" : "notAllowed");
  if (!response.ok) throw new Unavailable(response);
  signIn.accepted();
  const { expires, renewAfter } = JSON.parse(response.text);
  const now = (Date.parse(response.headers.get("Date")) || Date.now()) / 1000;
  return { expiresIn: expires - now, renewIn: renewAfter - now };
}

/** Makes the browser delete its cookies. */
export async function giveUpCookies() {
  const response = await request("signOut", "/api/cookies", { method: "DELETE" });
  if (!response.ok) throw new Unavailable(response);
}

/** The current HTTP status of a manifest; 0 without a response. */
export async function statusOf(address, signal) {
  try {
    return (await request("status", address, { cache: "no-store" }, signal)).status;
  } catch {
    return 0;
  }
}

// The Bearer scheme is for Authorization (RFC 6750, section 2.1); other headers hold just the token.
const withToken = (token, header, signal) =>
  request(
    "cookies",
    "/api/cookies",
    { headers: { [header]: header === "Authorization" ? `Bearer ${token}` : token } },
    signal,
  );

/** Client errors that may end: of firewalls, of time limits, and of throttling. */
const TEMPORARY = [403, 408, 429];

/** Whether another request for the settings is pointless. */
const isRefused = ({ status }) => status >= 400 && status < 500 && !TEMPORARY.includes(status);

/**
 * The field for which the function that signs cookies refuses this viewer, such as the claim with
 * their groups; nothing if it does not.
 * Other 403 responses are from a firewall, API Gateway or CloudFront, and are temporary.
 */
function refusedField({ status, text }) {
  try {
    return status === 403 && JSON.parse(text).field;
  } catch {
    return null;
  }
}
