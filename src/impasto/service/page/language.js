// Before anything else on the page: the language that a link chose, which Gradio asks the browser for.
(() => {
  const LANGUAGES = { en: "en-US", zh: "zh-CN" };
  const is = (language) => Object.hasOwn(LANGUAGES, language ?? "");
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = document.cookie.match(/(?:^|; )impasto-language=(\w+)/)?.[1];
  if (is(asked)) document.cookie = `impasto-language=${asked}; path=/; max-age=31536000; samesite=lax`;
  const chosen = [asked, kept].find(is);
  if (!chosen) return;
  Object.defineProperty(navigator, "language", { get: () => LANGUAGES[chosen] });
  Object.defineProperty(navigator, "languages", { get: () => [LANGUAGES[chosen]] });
})();
