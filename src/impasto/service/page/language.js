// Before anything else on the page: the language that a link chose, which Gradio asks the browser for.
(() => {
  const { languages, cookie } = window.impasto;
  const is = (language) => Object.hasOwn(languages, language ?? "");
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = document.cookie.split("; ").find((one) => one.startsWith(`${cookie}=`))?.split("=")[1];
  if (is(asked)) document.cookie = `${cookie}=${asked}; path=/; max-age=31536000; samesite=lax`;
  const chosen = [asked, kept].find(is);
  if (!chosen) return;
  Object.defineProperty(navigator, "language", { get: () => languages[chosen] });
  Object.defineProperty(navigator, "languages", { get: () => [languages[chosen]] });
})();
