// What is wrong with the layout of the page as it is, as sentences. Evaluated by test_layout.py.
({ width, height, fills }) => {
  const SMALLEST = 24; // WCAG 2.2, 2.5.8
  const TARGETS = "a[href], button, input, select, [role=button], [tabindex='0']";
  const COVERING = ".shaka-settings-menu, .shaka-overflow-menu, .shaka-statistics-container"; // on request
  const SHORTENED = "#title, #show, #viewer"; // names of any length, with an ellipsis
  const { screen } = document.body.dataset;
  const mayScroll = !["starting", "watching"].includes(screen);
  const findings = [];
  const dialog = document.querySelector("dialog[open]");
  const root = dialog ?? document.body;

  const isSeen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest(".unseen, noscript");
  const named = (element) => {
    const text = (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40);
    const name = element.id || element.classList[0] || "";
    return `${element.localName}#${name} "${text}"`;
  };

  // The part of a box that its ancestors show, and whether one of them cuts it off for good.
  const shown = (element, box) => {
    let { left, top, right, bottom } = box;
    let isCut = false;
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(at);
      const own = at.getBoundingClientRect();
      const cuts = (how) => how !== "visible";
      if (cuts(overflowX) || cuts(overflowY)) {
        const scrolls = [overflowX, overflowY].some((how) => how === "auto" || how === "scroll");
        const isOutside = left < own.left - 1 || right > own.right + 1 || top < own.top - 1 || bottom > own.bottom + 1;
        if (isOutside && !scrolls) isCut = true;
        if (isOutside && scrolls && (left < own.left - 1 || right > own.right + 1)) isCut = true;
        [left, right] = [Math.max(left, own.left), Math.min(right, own.right)];
        [top, bottom] = [Math.max(top, own.top), Math.min(bottom, own.bottom)];
      }
      if (position === "fixed") break;
    }
    return { left, top, right, bottom, isCut, isEmpty: right - left < 1 || bottom - top < 1 };
  };
  const isOutside = ({ left, top, right, bottom }) =>
    left < -1 || right > width + 1 || top < -1 || (!mayScroll && bottom > height + 1);

  // the page itself
  const page = document.documentElement;
  if (page.scrollWidth > width) findings.push(`the page is ${page.scrollWidth} pixels wide`);
  if (!mayScroll && page.scrollHeight > height + 1) {
    findings.push(`the page is ${page.scrollHeight} pixels high`);
  }

  // texts
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { currentNode: node, currentNode: { parentElement: element } } = walker;
    if (!node.data.trim() || !isSeen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const part = shown(element, range.getBoundingClientRect());
    if (!element.matches(SHORTENED) && !part.isEmpty) {
      if (part.isCut) findings.push(`cut: ${named(element)}`);
      if (isOutside(part)) findings.push(`outside the window: ${named(element)}`);
    }
    if (!part.isEmpty) texts.push(node.data.trim());
  }

  // buttons, links and inputs
  const targets = [...root.querySelectorAll(TARGETS)].filter(isSeen);
  const boxes = targets
    .map((element) => ({
      element,
      ...shown(element, (element.closest("label") ?? element).getBoundingClientRect()),
    }))
    .filter(({ isEmpty }) => !isEmpty);
  // a slider reaches below the buttons that lie on it: what is left of it is its target
  for (const slider of boxes.filter(({ element }) => element.type === "range")) {
    for (const { element, left, right, top } of boxes) {
      const isOver = (at) => element.contains(document.elementFromPoint((left + right) / 2, at));
      const isBelow = top > slider.top && top < slider.bottom && isOver(top + 2);
      const isBeside = left >= slider.right || right <= slider.left;
      if (element !== slider.element && isBelow && !isBeside) slider.bottom = Math.min(slider.bottom, top);
    }
  }
  for (const box of boxes) {
    const own = (box.element.closest("label") ?? box.element).getBoundingClientRect();
    const [wide, high] = [own.width, Math.min(own.height, box.element.type === "range" ? box.bottom - box.top : Infinity)];
    if (Math.min(wide, high) < SMALLEST - 0.5) {
      findings.push(`${wide.toFixed()} × ${high.toFixed()} pixels: ${named(box.element)}`);
    }
    if (isOutside(box)) findings.push(`outside the window: ${named(box.element)}`);
  }
  const covers = ({ element }) => Boolean(element.closest(COVERING));
  boxes.forEach((one, index) => {
    for (const other of boxes.slice(index + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      const isInside = one.element.contains(other.element) || other.element.contains(one.element);
      if (across <= 1 || down <= 1 || isInside || covers(one) !== covers(other)) continue;
      const by = `${across.toFixed()} × ${down.toFixed()} pixels`;
      findings.push(`${named(one.element)} and ${named(other.element)} overlap by ${by}`);
    }
  });

  // the notice
  const notice = document.getElementById("notice");
  if (notice && isSeen(notice) && isOutside(notice.getBoundingClientRect())) {
    findings.push("the notice is not in the window");
  }

  // the picture: all of a low window, otherwise 16:9 and as large as the header allows
  const picture = document.getElementById("picture")?.getBoundingClientRect();
  if (picture?.width) {
    const left = height - document.querySelector("header").offsetHeight;
    const wide = fills ? width : Math.min(width, (left * 16) / 9);
    const high = fills ? height : (wide * 9) / 16;
    if (Math.abs(picture.width - wide) > 1 || Math.abs(picture.height - high) > 1) {
      findings.push(
        `the picture has ${picture.width} × ${picture.height} pixels instead of ${wide} × ${high}`,
      );
    }
    if (isOutside(picture)) findings.push("the picture is not in the window");
  }
  return { findings: [...new Set(findings)], texts };
}
