// SPDX-License-Identifier: MIT
// node listen.mjs URL: prints the data of every event on a line of its own, and comes back by itself.
import { EventSource } from 'eventsource';

new EventSource(process.argv[2]).onmessage = (event) => console.log(event.data);
