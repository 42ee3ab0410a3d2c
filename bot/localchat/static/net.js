// What the page asks of the server.

export async function post(path, body) {
  const answer = await fetch(`/page/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw new Error(told.error || answer.statusText);
  return told;
}

export async function everyone() {
  return (await fetch("/page/everyone")).json();
}

// The stream of one chat. EventSource reconnects by itself and gets a new snapshot then.
export function listen(chat, handlers, onState) {
  const source = new EventSource(`/page/events?person=${chat.person}&bot=${chat.bot}`);
  source.onopen = () => onState(true);
  source.onerror = () => {
    onState(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(handlers.lost, 2000);
  };
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => event.data && handle(JSON.parse(event.data)));
  }
  return source;
}
