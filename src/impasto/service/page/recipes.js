// Recipes that are loaded: saved ones that are picked, and files that fall anywhere but on the places
// for pictures. The file goes the way of the button's own.
window.impasto.recipes = ({ ask }) => {
  const { heavy, complain, places } = window.impasto;

  document.addEventListener("click", (event) => {
    const saved = event.target.closest?.("[data-recipe]");
    if (saved) ask("recipe", saved.dataset.recipe);
  });

  // Gradio would say it in its own way, and in English.
  const isHeavy = (file) => {
    const sentence = heavy("recipe_heavy", file);
    complain("recipe-complaint", sentence);
    return Boolean(sentence);
  };
  document.addEventListener(
    "change",
    (event) => {
      const file = event.target.nextElementSibling?.matches("#load-recipe, #drop-recipe") && event.target.files?.[0];
      if (!file || !isHeavy(file)) return;
      event.stopImmediatePropagation();
      event.target.value = "";
    },
    true, // before Gradio hears of it
  );
  let ours = false; // a picture of the page itself that somebody drags
  document.addEventListener("dragstart", () => (ours = true), true);
  for (const end of ["dragend", "pointermove"]) document.addEventListener(end, () => (ours = false), true);
  document.addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files?.[0];
    const input = document.querySelector("#drop-recipe")?.previousElementSibling;
    if (!file || !input || ours || event.target.closest?.(`${places}, #brush`)) return;
    const carried = new DataTransfer();
    carried.items.add(file);
    input.files = carried.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // What is said of it stands beside Paint, which may be out of sight --------------------------------
  // So does what is said of a painting that is used again.
  return () => {
    const mark = document.querySelector("[data-loaded]:not([data-known])");
    if (!mark) return;
    mark.dataset.known = "yes";
    mark.parentElement.scrollIntoView({ block: "nearest" });
  };
};
