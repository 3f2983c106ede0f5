// Before anything else on the page: the language that a link chose, which Gradio asks the browser for.
(() => {
  const LANGUAGES = { en: "en-US", zh: "zh-CN" };
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = document.cookie.match(/(?:^|; )impasto-language=(\w+)/)?.[1];
  if (asked in LANGUAGES) document.cookie = `impasto-language=${asked}; path=/; max-age=31536000; samesite=lax`;
  const chosen = [asked, kept].find((language) => language in LANGUAGES);
  if (!chosen) return;
  Object.defineProperty(navigator, "language", { get: () => LANGUAGES[chosen] });
  Object.defineProperty(navigator, "languages", { get: () => [LANGUAGES[chosen]] });
})();
