// Rotated refresh tokens: the tabs of one sign-in share the new one.
//
// A duplicated tab has a copy of the tokens. With RefreshTokenRotation, Cognito accepts a refresh
// token for a minute after its first use, so tabs that renew at the same time both succeed; a tab
// that renews later needs the token that the first one got.

/** Passes on the tokens of a UserManager to other tabs of this browser, and takes theirs. */
export class Rotation {
  #channel = new BroadcastChannel("tokens");

  /** `oidc` is the library, `manager` its UserManager. */
  constructor(oidc, manager) {
    this.#channel.addEventListener("message", async ({ data }) => {
      const own = await manager.getUser();
      if (own?.refresh_token !== data.before) return; // of another sign-in, or newer
      await manager.storeUser(oidc.User.fromStorageString(data.user));
    });
  }

  /** Call when a response replaced the refresh token `before`; without rotation, it is the same. */
  tell(before, user) {
    if (user.refresh_token === before) return;
    this.#channel.postMessage({ before, user: user.toStorageString() });
  }
}
