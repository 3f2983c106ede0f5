// A job from afar: sent, looked at, listened to; and what the studio refuses.

const addressOf = (id, rest = "") => `api/jobs/${encodeURIComponent(id)}${rest}`;

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

/**
 * Send a form to where a kind of job is posted, and tell how much of it has gone; gives the job.
 * @param signal takes back what is not all sent: of what is, the studio makes a job, and its answer alone names it.
 */
export function send(address, form, told, signal) {
  signal.throwIfAborted();
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  let whole = false;
  const answered = new Promise((done, failed) => {
    request.upload.addEventListener("progress", ({ loaded, total }) => told(loaded, total));
    request.upload.addEventListener("load", () => (whole = true));
    signal.addEventListener("abort", () => {
      if (whole) return;
      failed(signal.reason);
      request.abort();
    });
    request.addEventListener("load", () =>
      request.status === 202 ? done(JSON.parse(request.responseText)) : failed(refusalOf(request.status, request.responseText)),
    );
    for (const type of ["error", "abort", "timeout"]) request.addEventListener(type, () => failed(new Refusal(0, "")));
  });
  request.open("POST", address);
  request.send(form);
  return answered;
}

/** What the studio answers, if it is no refusal. */
export async function ask(address, options = {}) {
  const answer = await fetch(address, options).catch(() => null);
  options.signal?.throwIfAborted();
  if (!answer) throw new Refusal(0, "");
  if (!answer.ok) throw refusalOf(answer.status, await answer.text());
  return answer;
}

/** A job of a kind; one of another kind is none. */
export async function look(id, kind) {
  const job = await (await ask(addressOf(id))).json();
  if (job.kind !== kind) throw new Refusal(404, "");
  return job;
}

export const cancel = (id) => ask(addressOf(id), { method: "DELETE" });
export const purge = (id) => ask(addressOf(id, "?purge=true"), { method: "DELETE" });
export const picture = async (address, signal) => (await ask(address, { signal })).blob();
export const previewOf = (id, step) => addressOf(id, `/preview?step=${step}`);
export const imageOf = (id, format = "png") => addressOf(id, `/image?format=${format}`);
export const inputOf = (id, role) => addressOf(id, `/inputs/${encodeURIComponent(role)}`);
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
