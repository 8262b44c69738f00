"use strict";

// The form asks as it does without a script; htmx puts the new answer in the old one's place.
const at = id => document.getElementById(id);

function shown() {
  deskMap.show(at("answer"));
  deskTrial.show();
  const copy = at("copy");
  if (copy) {
    copy.hidden = !navigator.clipboard;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(JSON.stringify({ query: at("question").value, variables: JSON.parse(at("variables").value) }));
      at("copied").hidden = false;
    });
  }
}

document.addEventListener("htmx:after:swap", event => {
  const answer = at("answer");
  if (answer.dataset.address && answer !== shown.last) {
    shown.last = answer;
    if (!at("problem")) at("choices").place.value = "";  // the area is chosen
    history.replaceState(history.state, "", answer.dataset.address + location.hash);
    shown();
  }
});
shown.last = at("answer");
shown();
