// Which way a call leaves, as a table.

import { expect, test } from 'vitest'
import { findProxy, isLoopbackHost } from './proxy.ts'

const proxy = 'http://proxy.example:3128'

test.each([
  ['https://api.xero.com/', { httpsProxy: proxy }, proxy],
  ['https://api.xero.com/', { httpProxy: proxy }, proxy],
  ['https://api.xero.com/', { httpsProxy: proxy, httpProxy: 'http://other.example' }, proxy],
  ['https://api.xero.com/', { httpsProxy: '', httpProxy: ' ' }, null],
  ['https://api.xero.com/', { httpsProxy: 'proxy.example:3128' }, proxy],
  ['https://api.xero.com/', {}, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: '*' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: 'localhost, API.xero.com' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: 'xero.com' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: '.xero.com' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: '*.xero.com' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: 'api.xero.com:443' }, null],
  ['https://api.xero.com/', { httpsProxy: proxy, noProxy: 'api.xero.com:8443' }, proxy],
  ['https://apixero.com/', { httpsProxy: proxy, noProxy: 'xero.com' }, proxy],
  ['https://localhost:9/', { httpsProxy: proxy }, null],
  ['http://127.0.0.1:9/', { httpProxy: proxy }, null],
  ['http://[::1]:9/', { httpProxy: proxy }, null],
])('%s with %o leaves through %s', (url, environment, expected) => {
  expect(findProxy(new URL(url), environment)).toBe(expected)
})

test.each([
  ['localhost', true],
  ['sandbox.localhost', true],
  ['127.1.2.3', true],
  ['[::1]', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['0.0.0.0', false],
  ['192.168.0.1', false],
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected)
})
