// Staying at the newest message, and counting what comes while one reads further up.

import { $ } from "./dom.js";

const NEAR = 80;

export class Scrolling {
  constructor() {
    this.scroll = $("scroll");
    this.stuck = true; // the newest message is in sight, and shall stay so
    this.unread = 0;
    this.lastTop = 0;
    this.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    $("newest").addEventListener("click", () => {
      this.toNewest(!matchMedia("(prefers-reduced-motion: reduce)").matches);
      $("box").focus({ preventScroll: true });
    });
    // Pictures that load, a keyboard that opens: what was in sight stays in sight. Unfolding is reading, so it does not count.
    $("log").addEventListener("click", (event) => event.target.closest("blockquote.folds") && (this.stuck = false), true);
    const resized = new ResizeObserver(() => (this.stuck ? this.toNewest() : this.scrolled()));
    resized.observe(this.scroll);
    resized.observe($("log"));
    window.visualViewport?.addEventListener("resize", fitViewport);
  }

  toNewest(smooth) {
    this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "auto" });
    this.stuck = true;
    this.draw(0);
  }

  // A message has come.
  arrived(isNew) {
    if (this.stuck) this.toNewest();
    else if (isNew) this.draw(this.unread + 1);
  }

  draw(unread) {
    this.unread = unread;
    $("unread").textContent = unread > 99 ? "99+" : unread;
    $("unread").hidden = !unread;
    $("newest").hidden = this.stuck;
  }

  // Only scrolling up leaves the newest message; content that grows below does not.
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.stuck = true;
    else if (scrollTop < this.lastTop) this.stuck = false;
    this.lastTop = scrollTop;
    this.draw(this.stuck ? 0 : this.unread);
  }
}

// Safari's keyboard covers the page instead of making it smaller; the page then fits what is left.
function fitViewport() {
  const { height, scale } = window.visualViewport;
  const covered = scale === 1 && innerHeight - height > 100;
  document.documentElement.style.setProperty("--height", covered ? `${height}px` : "100dvh");
  if (covered) window.scrollTo(0, 0);
}
