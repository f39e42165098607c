// Sign-in: authorization code with PKCE at Amazon Cognito managed login.
// RFC 9700, section 2.1.1; Amazon Cognito Developer Guide, "Using PKCE".

import { PermanentError } from "./api_error.js";

/** A token that expires within this many seconds is not sent. */
const LEAST_SECONDS = 20;

const HOME = new URL("/", location.href).href;

/** The viewer's sign-in; it lasts as long as the tab. */
export class SignIn {
  #manager;
  #clientId;
  #host;

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
      stateStore: store,
      userStore: store,
    });
  }

  /**
   * The signed-in viewer, or null: also removes a sign-in response from the URL and checks state,
   * nonce and verifier. Rejects with a PermanentError if the sign-in failed. Calls `expect` as soon
   * as a viewer seems to be signed in.
   */
  async viewer(expect) {
    const query = new URLSearchParams(location.search);
    const address = location.href;
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
    const there = await this.#manager.getUser();
    if (there) {
      expect();
      return name(there);
    }
    if (!query.has("state") || !(await this.#isExpected(query.get("state")))) return null;
    expect();
    try {
      const user = await this.#manager.signinRedirectCallback(address);
      if (user.state) history.replaceState(null, "", user.state);
      return name(user);
    } catch (error) {
      console.warn(`sign-in: ${error.message}`);
      throw new PermanentError("signInFailed");
    }
  }

  /** Opens the sign-in page, which returns to this URL. */
  async begin() {
    const nonce = crypto.randomUUID();
    await this.#manager.signinRedirect({ nonce, state: location.pathname + location.hash });
  }

  /** An access token; a new one if `renew` or if the current one is about to expire. */
  async token(renew) {
    let user = await this.#manager.getUser();
    if (!user) throw new PermanentError("signInEnded");
    if (renew || user.expires_in < LEAST_SECONDS) user = await this.#refreshed();
    return user.access_token;
  }

  /** Signs the viewer out here and at Cognito. */
  async leave() {
    const user = await this.#manager.getUser();
    if (user) await this.#revoke(user.refresh_token);
    await this.#manager.removeUser();
    const query = new URLSearchParams({ client_id: this.#clientId, logout_uri: HOME });
    location.assign(`${this.#host}/logout?${query}`);
  }

  /** The page need not read the response, which is empty. RFC 7009, section 2. */
  async #revoke(token) {
    const body = new URLSearchParams({ token, client_id: this.#clientId });
    await fetch(`${this.#host}/oauth2/revoke`, { method: "POST", mode: "no-cors", body });
  }

  /** Whether this tab made the request, as opposed to an old URL from a bookmark or the history. */
  async #isExpected(state) {
    return Boolean(await this.#manager.settings.stateStore.get(state));
  }

  async #refreshed() {
    try {
      return await this.#manager.signinSilent();
    } catch (error) {
      // RFC 6749, section 5.2: the refresh token is expired, revoked or already used
      if (error.error === "invalid_grant") {
        await this.#manager.removeUser();
        throw new PermanentError("signInEnded");
      }
      throw error;
    }
  }
}

const name = (user) => user.profile.email ?? user.profile.sub;
