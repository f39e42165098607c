// Sign-out of every tab: a random mark in local storage, which each sign-out replaces. A tab that
// signed in before has another mark in its session storage, so it notices also after it was
// suspended, discarded, or left and restored. Messages between tabs would be lost then.

const KEY = "sign-out";

/** Remembers which sign-outs a tab's sign-in has seen. */
export class SignOuts {
  /** Call before the viewer signs in to this tab. */
  remember() {
    sessionStorage.setItem(KEY, current());
  }

  /** Removes what `remember` has stored. */
  forget() {
    sessionStorage.removeItem(KEY);
  }

  /** Tells every tab that the viewer signs out. */
  announce() {
    localStorage.setItem(KEY, crypto.randomUUID());
  }

  /** Whether the viewer has signed out, in any tab, since this tab's sign-in. */
  get hasHappened() {
    return (sessionStorage.getItem(KEY) ?? "") !== current();
  }

  /** Calls `act` when the viewer signs out in another tab. */
  onElsewhere(act) {
    addEventListener("storage", ({ key }) => key === KEY && this.hasHappened && act());
  }
}

const current = () => localStorage.getItem(KEY) ?? "";
