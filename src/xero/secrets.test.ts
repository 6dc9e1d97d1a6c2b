// Secrets in every form in which the other side may echo them, and words that must stay.

import { expect, test } from 'vitest'
import { createSecrets } from './secrets.ts'

const secret = 'AbCd/EfGh+IjKl='

test.each([
  ['as it is', `Bearer ${secret}.`, 'Bearer [hidden].'],
  ['twice', `${secret} ${secret}`, '[hidden] [hidden]'],
  ['with the slashes of JSON', '"AbCd\\/EfGh+IjKl="', '"[hidden]"'],
  ['in a form', 'x=AbCd%2FEfGh%2BIjKl%3D&y=1', 'x=[hidden]&y=1'],
  [
    'a token of an answer that we do not know',
    '{"access_token": "eyJ.x.y","expires_in":1800}',
    '{"access_token": "[hidden]","expires_in":1800}',
  ],
  ['a token cut off', '{"refresh_token":"eyJ.x', '{"refresh_token":"[hidden]'],
  ['a token with an escaped quote', '{"id_token":"a\\"b","c":1}', '{"id_token":"[hidden]","c":1}'],
  ['a secret of a form that we do not know', 'a=1&client_secret=other&b=2', 'a=1&client_secret=[hidden]&b=2'],
  [
    'the key of an organisation for its partners',
    '{"APIKey":"K3Y","Name":"A"}',
    '{"APIKey":"[hidden]","Name":"A"}',
  ],
  ['a verifier', 'code_verifier=abc', 'code_verifier=[hidden]'],
  ['ordinary words', 'The code=200 of the access token', 'The code=200 of the access token'],
])('%s', (_, text, expected) => {
  const secrets = createSecrets()
  secrets.add(secret)
  expect(secrets.hideInText(text)).toBe(expected)
  expect(Buffer.from(secrets.hideInBody(Buffer.from(text))).toString()).toBe(expected)
})

test('a body without secrets is the same body, whatever its bytes', () => {
  const secrets = createSecrets()
  secrets.add(secret)
  const body = Buffer.from([0, 255, 195, 40, 13, 10])
  expect(secrets.hideInBody(body)).toBe(body)
})

test('the other bytes of a body with a secret stay as they are', () => {
  const secrets = createSecrets()
  secrets.add(secret)
  const body = Buffer.concat([Buffer.from([0, 255, 195]), Buffer.from(secret), Buffer.from([40, 226])])
  const expected = Buffer.concat([
    Buffer.from([0, 255, 195]),
    Buffer.from('[hidden]'),
    Buffer.from([40, 226]),
  ])
  expect(Buffer.from(secrets.hideInBody(body))).toEqual(expected)
})

test('a secret too short to be one blots nothing out', () => {
  const secrets = createSecrets()
  secrets.add('a')
  expect(secrets.hideInText('a date')).toBe('a date')
})
