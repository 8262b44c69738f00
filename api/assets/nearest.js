"use strict";

// The device tells its place only when somebody asks it to, and the page sends it in a form like any other.
const here = document.getElementById("here"), failed = document.getElementById("here-failed");
const field = name => document.querySelector(`[name=${name}]`);
here.hidden = !("geolocation" in navigator);
here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
  ({ coords }) => {
    field("lat").value = coords.latitude.toFixed(5);
    field("lon").value = coords.longitude.toFixed(5);
    field("lat").closest("details").open = true;
    failed.hidden = true;
  },
  () => { failed.hidden = false; },
  { enableHighAccuracy: true, timeout: 15000 },
));
