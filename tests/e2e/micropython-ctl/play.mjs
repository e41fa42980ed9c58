// SPDX-License-Identifier: MIT
// node play.mjs HOST:PORT PASSWORD: runs what comes on stdin, a list of [method, ...arguments] in JSON, and prints
// a list of what the methods returned. Bytes are hexadecimal, in both directions.
import ctl from 'micropython-ctl-cont';

const [host, password] = process.argv.slice(2);
const { MicroPythonDevice } = ctl;

const fromText = (value) => (value?.hex !== undefined ? Buffer.from(value.hex, 'hex') : value);
const toText = (value) => (Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value);

let input = '';
for await (const piece of process.stdin) input += piece;

const device = new MicroPythonDevice();
const results = [];
try {
  // It appends its own port, 8266, to the host: here to the query, which nobody looks at.
  await device.connectNetwork(`${host}/?`, password);
  for (const [method, ...values] of JSON.parse(input)) {
    results.push(toText(await device[method](...values.map(fromText))));
  }
  await device.disconnect();
} catch (error) {
  results.push({ error: error.name, message: String(error.message ?? error) });
}
console.log(JSON.stringify(results));
process.exit();
