// Says in a sentence why the page stays empty where it must.
if (typeof WebAssembly !== "object") {
  document.getElementById("boot").textContent =
    "Hustings needs WebAssembly, which this browser does not have or does not allow. " +
    "Any current Firefox, Chrome, Edge or Safari has it.";
}
