// Signing out, in this tab and in the others. It waits for nothing that may take long: the requests
// that it makes itself have a time limit of their own.

import { giveUpCookies } from "./api.js";
import { hideViewer, showMessage } from "./screen.js";

/**
 * Signs the viewer out: of every tab, and at Cognito. `stop` must end all that requests cookies or
 * media in this tab. If the cookies cannot be deleted, a message says so, with a button to retry.
 */
export async function signOut(signIn, stop) {
  stop();
  signIn.announceSignOut();
  const [error] = await Promise.all([giveUpCookies().catch((error) => error), signIn.revoke()]);
  if (!error) return signIn.leave();
  console.warn(`sign-out: ${error.message}`);
  showMessage("stillSignedIn", () => signOut(signIn, stop));
}

/**
 * Ends this tab's sign-in after the viewer has signed out in another tab. If the tab was watching,
 * which `stop` ends, the cookies are deleted once more, in case it received new ones at that moment.
 * Otherwise they may belong to a newer sign-in.
 */
export async function signedOutElsewhere(signIn, stop) {
  stop?.();
  hideViewer();
  showMessage("signedOut", () => signIn.begin());
  await Promise.all([stop && giveUpCookies().catch(() => {}), signIn.revoke()]);
  await signIn.forget();
}
