// What the page asks of the server, and the stream of what happens in a place.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

async function asked(path, options) {
  const answer = await fetch(`/page/${path}`, { method: "POST", ...options }).catch(() => {
    throw new Error("no connection");
  });
  const told = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw new Error(told.error || answer.statusText || `error ${answer.status}`);
  return told;
}

export function post(path, body) {
  return asked(path, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

// As multipart/form-data, for files.
export function upload(path, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value);
  return asked(path, { body: form });
}

export async function everyone() {
  return (await fetch("/page/everyone")).json();
}

// The stream of one place. It comes back by itself, with a new snapshot, and tells `online(is)` as it goes.
export class Stream {
  constructor(handlers, online) {
    this.handlers = handlers;
    this.online = online;
    this.source = null;
    this.timer = 0;
    this.wait = FIRST_WAIT;
    for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => this.timer && this.connect());
  }

  open(body) {
    this.query = new URLSearchParams(body).toString();
    this.wait = FIRST_WAIT;
    this.connect();
  }

  close() {
    this.source?.close();
    clearTimeout(this.timer);
    this.source = null;
    this.timer = 0;
  }

  connect() {
    this.close();
    const source = new EventSource(`/page/events?${this.query}`);
    this.source = source;
    source.onopen = () => {
      this.wait = FIRST_WAIT;
      this.online(true);
    };
    source.onerror = () => this.source === source && this.lost();
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => this.source === source && handle(JSON.parse(event.data)));
    }
  }

  lost() {
    this.close();
    this.online(false);
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 1.6, LONGEST_WAIT);
  }
}
