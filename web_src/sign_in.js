// Sign-in: authorization code with PKCE at Amazon Cognito managed login.
// RFC 9700, section 2.1.1; Amazon Cognito Developer Guide, "Using PKCE".

import { PermanentError, Unavailable } from "./api_error.js";
import { SECONDS, request, within } from "./request.js";
import { repeated } from "./retry.js";
import { Rotation } from "./rotation.js";
import { SignOuts } from "./sign_outs.js";
import { LANGUAGE } from "./strings.js";

/** A token that expires within this many seconds is not sent. */
const LEAST_SECONDS = 20;

const HOME = new URL("/", location.href).href;

/** The token endpoint's final answers (RFC 6749, section 5.2); others are Cognito's trouble. */
const FINAL = [
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
];

/** The viewer's sign-in; it lasts as long as the tab. */
export class SignIn {
  #manager;
  #clientId;
  #host;
  #rotation;
  #signOuts = new SignOuts();
  #isNew = false;

  /** `oidc` is the library; the settings come from the API. */
  constructor(oidc, { issuer, signInHost, clientId }) {
    this.#clientId = clientId;
    this.#host = `https://${signInHost}`;
    const store = new oidc.WebStorageStateStore({ store: sessionStorage });
    this.#manager = new oidc.UserManager({
      authority: `https://${issuer}`,
      // the same as the issuer's discovery document, without fetching it
      metadata: {
        issuer: `https://${issuer}`,
        authorization_endpoint: `${this.#host}/oauth2/authorize`,
        token_endpoint: `${this.#host}/oauth2/token`,
      },
      client_id: clientId,
      redirect_uri: HOME,
      scope: "openid email",
      automaticSilentRenew: false,
      // until a response begins, also of silent requests, which are token refreshes
      requestTimeoutInSeconds: SECONDS.token,
      stateStore: store,
      userStore: store,
    });
    this.#rotation = new Rotation(oidc, this.#manager);
  }

  /**
   * The signed-in viewer, or null: also removes a sign-in response from the URL and checks state,
   * nonce and verifier. A response to this tab's request replaces an earlier sign-in. Rejects with a
   * PermanentError if the sign-in failed, or has ended in another tab. Calls `expect` as soon as a
   * viewer seems to be signed in. `tell` gets the key of the viewer's message while Cognito does not
   * answer, and null when it does.
   */
  async viewer(expect, tell) {
    const query = new URLSearchParams(location.search);
    const address = location.href;
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
    if (await this.#askedFor(query)) {
      expect();
      return name(await this.#signedIn(address, query, tell));
    }
    const there = await this.#manager.getUser();
    if (!there) return null;
    if (this.#signOuts.hasHappened) throw new PermanentError("signedOut");
    expect();
    return name(there);
  }

  /** Opens the sign-in page, which returns to this URL. */
  async begin() {
    const nonce = crypto.randomUUID();
    await this.#manager.signinRedirect({
      nonce,
      state: location.pathname + location.hash,
      extraQueryParams: { lang: LANGUAGE },
    });
  }

  /** An access token; a new one if `renew` or if the current one is about to expire. */
  async token(renew) {
    if (this.#signOuts.hasHappened) throw new PermanentError("signedOut");
    let user = await this.#manager.getUser();
    if (!user) throw await this.ended();
    if (renew || user.expires_in < LEAST_SECONDS) user = await this.#refreshed(user);
    return user.access_token;
  }

  /** Call when the API has accepted the token. */
  accepted() {
    this.#isNew = false;
  }

  /**
   * Forgets a sign-in that is not accepted; returns the error that tells the viewer. If it never
   * was, the account may be disabled, and another sign-in does not help.
   */
  async ended() {
    // the mark of earlier sign-outs stays, or they would seem to have happened since
    await this.#manager.removeUser();
    return new PermanentError(this.#isNew ? "notAllowed" : "signInEnded");
  }

  /** Tells all tabs of this browser that the viewer signs out. */
  announceSignOut() {
    this.#signOuts.announce();
  }

  /** Calls `act` when the viewer signs out in another tab. */
  onSignOutElsewhere(act) {
    this.#signOuts.onElsewhere(act);
  }

  /**
   * Revokes the refresh token, if Cognito answers in time; otherwise it expires on its own. The page
   * need not read the response, which is empty. RFC 7009, section 2.
   */
  async revoke() {
    const user = await this.#manager.getUser();
    if (!user) return;
    const body = new URLSearchParams({ token: user.refresh_token, client_id: this.#clientId });
    try {
      await request("signOut", `${this.#host}/oauth2/revoke`, {
        method: "POST",
        mode: "no-cors",
        body,
      });
    } catch (error) {
      console.warn(`sign-out: ${error.message}`);
    }
  }

  /** Removes the tokens from this tab. */
  async forget() {
    await this.#manager.removeUser();
    this.#signOuts.forget();
  }

  /** Removes the tokens, and ends the session of the sign-in page, which returns to this page. */
  async leave() {
    await this.forget();
    const query = new URLSearchParams({ client_id: this.#clientId, logout_uri: HOME });
    location.assign(`${this.#host}/logout?${query}`);
  }

  /**
   * What this tab has stored with its sign-in request; null if this is the response to none of its
   * requests, as with an old URL from a bookmark or the history.
   */
  async #askedFor(query) {
    const stored = query.has("state") && (await this.#states.get(query.get("state")));
    return stored && JSON.parse(stored).code_verifier ? stored : null;
  }

  async #signedIn(address, query, tell) {
    const asked = await this.#askedFor(query);
    await this.#manager.removeUser();
    this.#signOuts.remember();
    const user = await repeated(async () => {
      await this.#states.set(query.get("state"), asked); // each attempt removes it
      try {
        return await within("token", this.#manager.signinRedirectCallback(address));
      } catch (error) {
        console.warn(`sign-in: ${error.message}`);
        if (!query.has("code") || !isTemporary(error)) throw new PermanentError("signInFailed");
        throw withNotice(error);
      }
    }, tell);
    this.#isNew = true;
    if (user.state) history.replaceState(null, "", user.state);
    return user;
  }

  get #states() {
    return this.#manager.settings.stateStore;
  }

  async #refreshed(former) {
    try {
      const user = await within("token", this.#manager.signinSilent());
      this.#rotation.tell(former.refresh_token, user);
      return user;
    } catch (error) {
      // the refresh token is expired, revoked or already used, or the app client is gone
      if (FINAL.includes(error.error)) throw await this.ended();
      throw withNotice(error);
    }
  }
}

const name = (user) => user.profile.email ?? user.profile.sub;

/** The HTTP status in the message of the library's error; 0 without one. */
const statusIn = ({ message }) => Number(/\((\d{3})\)/.exec(message)?.[1] ?? 0);

/** Whether the token endpoint may answer differently in a moment. */
function isTemporary(error) {
  if (error.error) return !FINAL.includes(error.error);
  const status = statusIn(error);
  const isSilent = error instanceof TypeError || error.name === "ErrorTimeout";
  const isForeign = error.message.includes("Content-Type"); // of a proxy or a firewall
  return isSilent || isForeign || status === 429 || status >= 500;
}

/** The error that tells the viewer about 429: too many viewers are arriving at once. */
function withNotice(error) {
  const status = statusIn(error);
  return status ? new Unavailable({ status, headers: new Headers() }) : error;
}
