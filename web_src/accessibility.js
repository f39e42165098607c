// Accessibility of Shaka Player's controls: roles and names that its UI lacks, or has wrong.

/** What is repaired, by selector. Doing it again changes nothing. */
const REPAIRS = {
  // they hold buttons and sliders, which a menu may not: https://www.w3.org/TR/wai-aria-1.2/#menu
  "[role=menu]": (menu) => menu.setAttribute("role", "group"),
  "[role=menuitemradio]": (choice) => choice.setAttribute("role", "radio"),
  // while captions are on, the choice to turn them off has no role
  ".shaka-turn-captions-off-button:not([role])": (choice) => {
    choice.setAttribute("role", "radio");
    choice.setAttribute("aria-checked", "false");
  },
  "[aria-haspopup]": (button) => button.removeAttribute("aria-haspopup"),
  // a name contains the text on the button, which speech control users say: WCAG 2.1, 2.5.3
  ".shaka-overflow-menu > button[aria-label]": (button) => button.removeAttribute("aria-label"),
  ".shaka-back-to-overflow-button": includeText,
  ".shaka-statistics-container": (panel) => (panel.tabIndex = 0), // it scrolls in a small window
  ".shaka-playback-rate-slider": (slider) => nameAfter(slider, ".shaka-playback-rates > button"),
};

/** Repairs the controls in `container`, now and whenever Shaka changes them. */
export function repair(container) {
  const all = () => {
    for (const [selector, act] of Object.entries(REPAIRS)) {
      for (const element of container.querySelectorAll(selector)) act(element);
    }
  };
  new MutationObserver(all).observe(container, {
    attributeFilter: ["role", "aria-label", "aria-haspopup"],
    childList: true,
    subtree: true,
  });
  all();
}

function includeText(button) {
  const [name, text] = [button.getAttribute("aria-label"), button.textContent];
  if (name && !name.includes(text)) button.setAttribute("aria-label", `${name}: ${text}`);
}

function nameAfter(element, selector) {
  const name = document.querySelector(selector)?.textContent;
  if (name && element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
}
