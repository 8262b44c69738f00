"use strict";

// The secret of the link goes into the field, and out of the address and the history.
const secret = location.hash.slice(1);
const field = document.querySelector("[name=code]");
if (secret && field) {
  field.value = secret;
  document.getElementById("taken").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}
