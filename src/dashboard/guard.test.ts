// Who is let into the dashboard, and who is not.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge, type Knock } from './guard.ts'

const door = { port: 4711, token: 'right-token' }
const cookie = 'auxo-dashboard-4711=right-token'
const knock = (more: Partial<Knock> = {}): Knock => ({
  method: 'GET',
  host: '127.0.0.1:4711',
  path: '/',
  cookie,
  ...more,
})
const told = (more: Partial<Knock>) => {
  const verdict = judge(knock(more), door)
  return verdict.answer === 'refused' ? verdict.status : verdict.answer
}

test.each<[string, Partial<Knock>, number | string]>([
  ['with the cookie', {}, 'page'],
  ['by its other name', { host: 'localhost:4711' }, 'page'],
  ['for the head alone', { method: 'HEAD' }, 'page'],
  ['with other cookies beside', { cookie: `a=b; ${cookie}; c` }, 'page'],
  ['with the printed address', { path: '/enter?token=right-token', cookie: undefined }, 'enter'],
  ['with another token', { path: '/enter?token=wrong', cookie: undefined }, 403],
  ['with the token at another address', { path: '/?token=right-token', cookie: undefined }, 403],
  ['without a cookie', { cookie: undefined }, 403],
  ['with an empty cookie', { cookie: 'auxo-dashboard-4711=' }, 403],
  ['with the cookie of another dashboard', { cookie: 'auxo-dashboard-4712=right-token' }, 403],
  ['with a token that goes on', { cookie: `${cookie}x` }, 403],
  ['to change something', { method: 'POST' }, 405],
  ['to delete something', { method: 'DELETE' }, 405],
  ['from a page whose name leads here', { host: 'evil.example:4711' }, 403],
  [
    'from such a page with the printed address',
    { host: 'evil.example', path: '/enter?token=right-token' },
    403,
  ],
  ['at another port', { host: '127.0.0.1:80' }, 403],
  ['without a host', { host: undefined }, 403],
  ['for another host in its path', { path: 'http://evil.example/' }, 403],
  ['for another host without a scheme', { path: '//evil.example/' }, 403],
])('a request %s', (_, more, expected) => {
  expect(told(more)).toBe(expected)
})

test('no other token opens it, and no path breaks it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (token, path) => {
      fc.pre(!`${token};${path}`.includes(door.token))
      expect(told({ cookie: `auxo-dashboard-4711=${token}`, path: `/${path}` })).toBe(403)
    }),
  )
})
