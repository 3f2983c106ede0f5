// A film's job from afar: sent, looked at, listened to.

const addressOf = (id, rest = "") => `api/jobs/${id}${rest}`;

/** What the studio refuses, in its own sentence. */
export class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    Object.assign(this, { status, detail });
  }
}

const refusalOf = (status, body) => {
  try {
    return new Refusal(status, JSON.parse(body).detail);
  } catch {
    return new Refusal(status, `${status}`);
  }
};

/** Send a film, and tell how much of it has gone; gives its job. */
export function send(form, told) {
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  const answered = new Promise((done, failed) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => told(loaded, total));
    request.addEventListener("load", () =>
      request.status === 202 ? done(JSON.parse(request.responseText)) : failed(refusalOf(request.status, request.responseText)),
    );
    for (const type of ["error", "abort", "timeout"]) request.addEventListener(type, () => failed(new Refusal(0, "")));
  });
  request.open("POST", "api/films");
  request.send(form);
  return { answered, stop: () => request.abort() };
}

async function ask(id, method = "GET", rest = "") {
  const answer = await fetch(addressOf(id, rest), { method }).catch(() => null);
  if (!answer) throw new Refusal(0, "");
  if (!answer.ok) throw refusalOf(answer.status, await answer.text());
  return answer.status === 204 ? null : answer.json();
}

export const look = (id) => ask(id);
export const cancel = (id) => ask(id, "DELETE");
export const purge = (id) => ask(id, "DELETE", "?purge=true");
export const previewOf = (id, step) => addressOf(id, `/preview?step=${step}`);
export const filmOf = (id, download = false) => addressOf(id, `/film${download ? "?download=true" : ""}`);

/**
 * Listen to a job up to its end.
 * @param hear by the name of an event, called with its data.
 * @param ended called once, when there is nothing more to hear.
 */
export function listen(id, hear, ended) {
  const source = new EventSource(addressOf(id, "/events")); // it comes again by itself, after the last event
  const close = () => {
    source.close();
    ended();
  };
  for (const [name, does] of Object.entries(hear)) source.addEventListener(name, ({ data }) => does(JSON.parse(data)));
  for (const name of ["finished", "failed", "cancelled"]) source.addEventListener(name, close);
  source.addEventListener("error", () => source.readyState === EventSource.CLOSED && close());
}
