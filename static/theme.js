// Chooses the theme before the first paint: what was chosen here, else what the device asks for.
(() => {
  "use strict";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; } };
  const paint = () => {
    const choice = chosen();
    document.documentElement.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
  };
  paint();
  dark.addEventListener("change", paint);
  document.addEventListener("portal:theme", paint);
})();
