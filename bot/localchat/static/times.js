// Times and days in words.

const TIME = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat([], { day: "numeric", month: "long" });
const OLD_DAY = new Intl.DateTimeFormat([], { day: "numeric", month: "long", year: "numeric" });
const SHORT_DAY = new Intl.DateTimeFormat([], { day: "numeric", month: "short" });

export function clock(when) {
  return TIME.format(when);
}

function daysAgo(when) {
  return Math.round((new Date().setHours(12, 0, 0, 0) - new Date(when).setHours(12, 0, 0, 0)) / 86400000);
}

export function dayName(when) {
  const ago = daysAgo(when);
  if (ago === 0) return "Today";
  if (ago === 1) return "Yesterday";
  return (when.getFullYear() === new Date().getFullYear() ? DAY : OLD_DAY).format(when);
}

// For the list of chats, of Unix seconds: the time of today, else the day.
export function shortTime(seconds) {
  const when = new Date(seconds * 1000);
  return daysAgo(when) === 0 ? clock(when) : SHORT_DAY.format(when);
}
