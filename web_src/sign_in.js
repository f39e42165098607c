// Who is watching: authorization code with PKCE at Cognito's managed login.
// RFC 9700, section 2.1.1; Amazon Cognito Developer Guide, "Using PKCE".

import { PermanentError } from "./api_error.js";

/** A token that ends sooner than this many seconds is not worth sending. */
const LEAST_SECONDS = 20;

const HOME = new URL("/", location.href).href;

/** The viewer's sign-in; it lasts as long as the tab. */
export class SignIn {
  #manager;
  #clientId;
  #host;

  /** `oidc` is the library, the settings are those of the API. */
  constructor(oidc, { issuer, signInHost, clientId }) {
    this.#clientId = clientId;
    this.#host = `https://${signInHost}`;
    const store = new oidc.WebStorageStateStore({ store: sessionStorage });
    this.#manager = new oidc.UserManager({
      authority: `https://${issuer}`,
      // what the issuer's discovery document says, without the time to fetch it
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
   * Who is signed in, maybe just now: takes the answer of the login out of the address and checks
   * state, nonce and verifier. Null when nobody is. Rejects with a PermanentError when the login
   * failed. `expect` is called as soon as somebody seems to be there.
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

  /** Goes to the login, and comes back to this very address. */
  async begin() {
    const nonce = crypto.randomUUID();
    await this.#manager.signinRedirect({ nonce, state: location.pathname + location.hash });
  }

  /** An access token; a new one if `anew`, or if the present one is about to end. */
  async token(anew) {
    let user = await this.#manager.getUser();
    if (!user) throw new PermanentError("signInEnded");
    if (anew || user.expires_in < LEAST_SECONDS) user = await this.#refreshed();
    return user.access_token;
  }

  /** Forgets the viewer here and at the login. */
  async leave() {
    const user = await this.#manager.getUser();
    if (user) await this.#revoke(user.refresh_token);
    await this.#manager.removeUser();
    const query = new URLSearchParams({ client_id: this.#clientId, logout_uri: HOME });
    location.assign(`${this.#host}/logout?${query}`);
  }

  /** The answer says nothing, so the page need not be able to read it. RFC 7009, section 2. */
  async #revoke(token) {
    const body = new URLSearchParams({ token, client_id: this.#clientId });
    await fetch(`${this.#host}/oauth2/revoke`, { method: "POST", mode: "no-cors", body });
  }

  /** An answer to a question of this tab, and not an old one from a bookmark or the history. */
  async #isExpected(state) {
    return Boolean(await this.#manager.settings.stateStore.get(state));
  }

  async #refreshed() {
    try {
      return await this.#manager.signinSilent();
    } catch (error) {
      // RFC 6749, section 5.2: the refresh token is over, revoked or used up
      if (error.error === "invalid_grant") {
        await this.#manager.removeUser();
        throw new PermanentError("signInEnded");
      }
      throw error;
    }
  }
}

const name = (user) => user.profile.email ?? user.profile.sub;
