// Files of the visitor's own: chosen in a dialogue, or let fall on the page.

/**
 * Listen to a button that files are chosen with; the same one may be chosen again.
 * @param take called with the files, if there are any
 */
export function hearFiles(selector, take) {
  document.querySelector(selector).addEventListener("change", ({ target }) => {
    const files = [...target.files];
    target.value = "";
    if (files.length) take(files);
  });
}

/**
 * Listen to files that fall on the page.
 * @param take called with the files, if there are any
 */
export function hearDrops(take) {
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault(); // the browser would leave the page for it
      const files = [...event.dataTransfer.files];
      if (type === "drop" && files.length) take(files);
    });
  }
}
