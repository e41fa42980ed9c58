"use strict";

fetch("/api/uptime")
  .then((answer) => answer.text())
  .then((seconds) => {
    document.querySelector("output").textContent = seconds;
  });
