// Buttons that Shaka's UI does not have, as its elements:
// https://shaka-project.github.io/shaka-player/docs/api/tutorial-ui-customization.html

import { STRINGS, clock } from "./strings.js";

/**
 * Registers "live" for the bar, which tells how far behind the live edge the picture is and leads
 * there, and "keys" for the menu, which shows the keys. `player` is the page's Player, `keys` its
 * Keys.
 */
export function registerButtons(shaka, player, keys) {
  class Live extends shaka.ui.Element {
    constructor(parent, controls) {
      super(parent, controls);
      this.button = button(parent, "live", () => player.goToLive());
      this.eventManager.listen(controls, "timeandseekrangeupdated", () => this.show());
      // which does not come while the controls are hidden
      this.eventManager.listen(this.video, "timeupdate", () => this.show());
    }

    show() {
      const atEdge = player.isLive && !this.video.paused;
      const text = atEdge ? STRINGS.live : `−${clock(player.behind)}`;
      if (this.button.textContent === text) return;
      this.button.textContent = text;
      this.button.dataset.live = atEdge;
      this.button.setAttribute("aria-label", atEdge ? text : `${text}, ${STRINGS.goToLive}`);
    }
  }

  class ShowKeys extends shaka.ui.Element {
    constructor(parent, controls) {
      super(parent, controls);
      this.button = button(parent, "keys", () => keys.show());
      this.button.textContent = STRINGS.keys;
    }

    checkAvailability() {
      this.button.hidden = this.isSubMenuOpened;
    }
  }

  const factory = (Button) => ({ create: (parent, controls) => new Button(parent, controls) });
  shaka.ui.Controls.registerElement("live", factory(Live));
  shaka.ui.OverflowMenu.registerElement("keys", factory(ShowKeys), false);
}

function button(parent, id, act) {
  const made = Object.assign(document.createElement("button"), { id, type: "button", onclick: act });
  parent.append(made);
  return made;
}
