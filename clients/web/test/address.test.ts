// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boardUrl, parseAddress, treeUrl } from '../src/address.ts';

/** The address found by a page that was opened as `page`. */
function found(page: string): string {
  return boardUrl(new URL(page)).href;
}

test('a page talks to the address that it came from', () => {
  assert.equal(found('http://192.168.4.1/ws'), 'ws://192.168.4.1/ws');
  assert.equal(found('http://esp32.local:8080/ws?x=1'), 'ws://esp32.local:8080/ws');
  assert.equal(found('https://esp32.local/ws'), 'wss://esp32.local/ws');
  assert.equal(found('http://[fe80::1]:8266/'), 'ws://[fe80::1]:8266/');
});

test('another board can be named behind #', () => {
  assert.equal(found('http://a/ws#10.0.0.7:8266'), 'ws://10.0.0.7:8266/');
  assert.equal(found('http://a/ws#10.0.0.7/ws'), 'ws://10.0.0.7/ws');
  assert.equal(found('https://a/ws#b'), 'wss://b/');
  assert.equal(found('http://a/ws#wss://b/ws'), 'wss://b/ws');
  assert.equal(found('file:///page.html#10.0.0.7:8266'), 'ws://10.0.0.7:8266/');
});

test('another board can be named as url', () => {
  assert.equal(found('http://a/ws?url=wss%3A%2F%2Fb%3A8443%2Fws%23x'), 'wss://b:8443/ws');
  assert.equal(found('http://a/ws?url=ws://b/ws#c'), 'ws://b/ws');
});

test('a tree of files is one of the same server', () => {
  const tree = (search: string) => treeUrl({ origin: 'http://a:8080', search })?.href;
  assert.equal(tree(''), undefined);
  assert.equal(tree('?tree=/data/'), 'http://a:8080/data/');
  assert.equal(tree('?tree=/data'), 'http://a:8080/data/');
  assert.equal(tree('?tree=/my%20files/?x%23y'), 'http://a:8080/my%20files/');
  for (const other of ['//b/data/', 'http://b/', 'http://a/', '/\\b/']) {
    assert.throws(() => tree(`?tree=${encodeURIComponent(other)}`), /of another server/);
  }
});

test('what is no address is refused with a sentence', () => {
  assert.throws(() => found('file:///page.html'), /Add the address of a board/);
  assert.throws(() => found('http://a/ws#ws://'), /is not the address of a board/);
  assert.throws(() => found('http://a/ws?url=http://b/'), /is not the address of a board/);
  assert.throws(() => found('http://a/ws?url=javascript:alert(1)'), /is not the address of a board/);
  assert.throws(() => found('http://a/ws#me:secret@b'), /no user name or password/);
});

test('another board may be typed as a host, or in full', () => {
  const own = new URL('ws://192.168.4.1/ws');
  const typed = (address: string) => parseAddress(address, own).href;
  assert.equal(typed('192.168.4.2'), 'ws://192.168.4.2/ws');
  assert.equal(typed(' esp.local:8080 '), 'ws://esp.local:8080/ws');
  assert.equal(typed('esp.local:8266'), 'ws://esp.local:8266/', 'old boards answer at / alone');
  assert.equal(typed('esp.local/repl'), 'ws://esp.local/repl');
  assert.equal(typed('http://esp.local/ws'), 'ws://esp.local/ws', 'as copied from the address bar');
  assert.throws(() => parseAddress('', own), /is not the address of a board/);
});
